"""Pictures in memory: decoding bytes from outside, encoding what is delivered."""

from inference.pictures.decode import decode, decode_gray
from inference.pictures.encode import delivery_format, encode
from inference.pictures.picture import Picture

__all__ = ["Picture", "decode", "decode_gray", "delivery_format", "encode"]
