"""``cleanplate recipes``: what can be asked for, and recipes as code."""
