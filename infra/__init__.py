"""State machine, recipes, the embedded stack, model packaging and the command line."""
