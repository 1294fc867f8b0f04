"""Crop, stitch and composite: where to work, what was changed, and how it comes back into the picture."""
