"""Pictures out of words and sketches, and how well they show what was asked for."""
