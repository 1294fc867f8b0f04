"""Proofing: the pictures by which a person judges an edit, made with Pillow alone."""
