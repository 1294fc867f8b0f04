"""``cleanplate models``: what can do the work, under which licence, and its weights."""
