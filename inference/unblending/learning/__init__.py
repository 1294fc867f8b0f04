"""What a mark looks like, learned from a folder of pictures that carry it.

After Dekel, Rubinstein, Liu and Freeman, On the Effectiveness of Visible Watermarks (CVPR 2017): what is the same in
all pictures is the mark, and how far it lowers their contrast is its opacity.
"""
