"""What every adapter of a torch net shares: where it runs, in which number format, and how it reads its weights.

torch is imported inside functions: the embedded stack runs without it.
"""
