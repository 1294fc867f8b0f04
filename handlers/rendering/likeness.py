"""How alike two pictures look: the structural similarity of their luma, from 1 downwards.

Wang, Bovik, Sheikh, Simoncelli: Image Quality Assessment: From Error Visibility to Structural Similarity. IEEE Trans.
Image Processing 13(4), 2004: windows of 11 x 11 weighted by a Gaussian of 1.5 pixels, K1 0.01, K2 0.03, the mean over
all windows that lie within the picture. Luma is ITU-R BT.601's, as theirs was.
"""

import pyvips

_SIGMA = 1.5
_LEAST = 0.002
"""Of the Gaussian's height: cuts it at 5 pixels from its middle."""
_REACH = 5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
_LUMA = [[0.299, 0.587, 0.114]]


def luma(image: "pyvips.Image") -> "pyvips.Image":
    """Luma of an sRGB picture of 8 bits, 0..255; what is transparent is shown on white."""
    seen = image.flatten(background=[255]) if image.hasalpha() else image
    return (seen if seen.bands == 1 else seen.recomb(pyvips.Image.new_from_array(_LUMA))).cast("float")


def ssim(first: "pyvips.Image", second: "pyvips.Image") -> float:
    """Compare two pictures of one size in luma (see `luma`)."""
    window = pyvips.Image.gaussmat(_SIGMA, _LEAST, separable=True, precision="float")

    def mean(image: "pyvips.Image") -> "pyvips.Image":
        seen = image.convsep(window, precision="float")
        if min(seen.width, seen.height) <= 2 * _REACH:
            return seen
        return seen.crop(_REACH, _REACH, seen.width - 2 * _REACH, seen.height - 2 * _REACH)

    at, bt = mean(first), mean(second)
    both, squares = at * bt, at * at + bt * bt
    structure = 2 * (mean(first * second) - both) + _C2
    contrast = mean(first * first + second * second) - squares + _C2
    return float(((2 * both + _C1) * structure / ((squares + _C1) * contrast)).avg())
