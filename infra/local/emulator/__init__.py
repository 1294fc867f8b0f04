"""ministack, with the gaps closed that this project's template falls into.

Each module of this package closes one gap and says what AWS does and what ministack 1.5.33 lacks. ``patches``
applies them all, for exactly that version; ``tests/e2e/test_emulator_conformance.py`` proves each one against a
running emulator, so an update of ministack can neither break a patch nor make one superfluous unseen.
"""
