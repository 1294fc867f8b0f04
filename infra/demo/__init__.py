"""The demo: real photographs made dirty in plain sight, repaired through the whole stack, and a report."""
