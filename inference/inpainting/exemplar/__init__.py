"""Fills areas with patches of the same picture, coarse to fine: the structure is found small, the texture large.

After Newson, Almansa, Gousseau & Perez, IPOL 2017: Non-local patch-based image inpainting. One file a step: ``pyramid``
(the picture at several sizes), ``layer`` (which patches there are), ``describe`` and ``search`` (which are alike),
``vote`` (what they say of a pixel), ``peel`` (the first guess), ``joints`` (no step where pieces meet), ``complete``
(all of it).
"""
