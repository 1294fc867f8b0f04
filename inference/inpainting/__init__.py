"""Fills for holes. One adapter is one file."""
