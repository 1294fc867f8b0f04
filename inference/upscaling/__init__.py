"""Enlargement by a whole factor. One adapter is one file."""
