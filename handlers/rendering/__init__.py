"""Encodes what is delivered, with libvips. Nothing else imports pyvips: one function carries it."""
