"""Erasure of a picture: ordered by a person, carried out by a function that may die anywhere, and looked after once."""
