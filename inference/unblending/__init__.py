"""Marks that were laid over a picture are computed back out of it: ``J = (I - a W) / (1 - a)``.

A mark hides nothing as long as its opacity ``a`` is below one. What has to be known is its colour ``W`` and how much
of each pixel it covers; what has to be invented is only what it hides almost wholly.
"""
