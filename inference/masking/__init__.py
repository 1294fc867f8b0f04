"""Adapters that say what should not be there. One file a model."""
