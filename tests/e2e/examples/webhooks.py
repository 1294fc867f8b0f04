"""What the examples of ``docs/webhooks.md`` need: somebody who takes what is posted."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.documented import Place
from tests.e2e.receiver import receiving


@contextmanager
def register(place: Place) -> Iterator[None]:
    with receiving() as receiver:
        place.environment["RECEIVER"] = receiver.url
        yield
        (posted,) = receiver.at("/told")
        secret = place.output.split("secret")[1].split()[0]
        assert posted.verified(secret)["type"] == "cleanplate.webhook.test.v1"
