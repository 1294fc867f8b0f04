"""``cleanplate marks``: watermarks whose artwork is known."""
