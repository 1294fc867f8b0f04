"""What a condition of DynamoDB costs to look at.

AWS
    Reads an expression once for each request.
ministack
    Reads it anew, and checks its grammar anew, for every item of the partition: a page of 50 out of a thousand assets
    takes it 20 ms, in which it answers nobody else.

Both depend on the text alone, so that what they found is remembered.
"""

from functools import lru_cache

from ministack.services import dynamodb

_REMEMBERED = 512
"""Expressions; ours come from a few dozen places in the code."""


def apply() -> None:
    """Remember what the last expressions were made of."""
    dynamodb._tokenize = lru_cache(_REMEMBERED)(dynamodb._tokenize)
    dynamodb._condition_syntax_error = lru_cache(_REMEMBERED)(dynamodb._condition_syntax_error)
