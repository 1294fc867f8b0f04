"""The model store: fetching weights by their cards."""
