"""The figures that the project promises, measured here and now."""
