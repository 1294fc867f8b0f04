"""What documented examples need beside a photograph, and what is looked at after them.

``docs/events.md`` finds it in ``events.py`` here: a context manager with the example's name (``-`` written ``_``).
Before its ``yield`` it may write files and add to ``place.environment``; what it asserts then sees ``place.output``.

    @contextmanager
    def hear_of_outcomes(place: Place) -> Iterator[None]:
        place.environment["RECEIVER"] = ...
        yield
        assert "delivered" in place.output
"""
