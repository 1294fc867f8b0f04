"""Small passes that make a fill belong to its surroundings, and the adapter that runs them in their order."""
