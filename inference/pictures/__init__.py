"""Pictures in memory: decoding bytes from outside, encoding what is delivered."""

from inference.pictures.decode import decode
from inference.pictures.encode import delivery_format, encode
from inference.pictures.picture import Picture

__all__ = ["Picture", "decode", "delivery_format", "encode"]
