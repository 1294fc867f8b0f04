"""What adapters of nets share: where they run, in which number format, and how weights are read.

torch is imported inside functions: the embedded stack runs without it.
"""
