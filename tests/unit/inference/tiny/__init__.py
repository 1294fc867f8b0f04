"""Real architectures with a handful of random weights, saved as their makers save them, for the true loading code."""
