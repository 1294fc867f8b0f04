"""Functions that die: their sandbox goes between two calls of AWS, or with an answer on its way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from handlers.aws.clients import client


class Died(BaseException):
    """The function is gone. Nothing in it can catch that."""


@contextmanager
def dying(at: int, *, answered: bool, services: tuple[str, ...] = ("s3", "dynamodb")) -> Iterator[list[str]]:
    """Die at a call, counted from 0 over all services: before it is made, or after it was and before it is answered.

    Yields
    ------
    list of str
        The calls so far, by name, with the last one.
    """
    made: list[str] = []

    def counted(call: Any) -> Any:
        def maybe(operation: str, arguments: Any) -> Any:
            dies = len(made) == at
            made.append(operation)
            if dies and not answered:
                raise Died(operation)
            answer = call(operation, arguments)
            if dies:
                raise Died(operation)
            return answer

        return maybe

    clients = [client(service) for service in services]
    for each in clients:
        each._make_api_call = counted(each._make_api_call)
    try:
        yield made
    finally:
        for each in clients:
            del each._make_api_call
