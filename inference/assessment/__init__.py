"""Assessors: what an output can be told from, and how sure one may be of it. One adapter is one file."""
