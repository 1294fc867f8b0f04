"""What the examples of ``docs/cms.md`` need: a picture at an address, and a content system that sends its event."""

from collections.abc import Iterator
from contextlib import contextmanager

from schemas.asset import Status
from schemas.hook import HookKind
from tests.e2e.cms import event_about, send
from tests.e2e.documented import Place
from tests.e2e.file_server import serving


@contextmanager
def generic(place: Place) -> Iterator[None]:
    with serving({"/photo.jpg": (place.folder / "photo.jpg").read_bytes()}) as site:
        place.environment["PICTURE"] = f"{site}/photo.jpg"
        yield


@contextmanager
def wordpress(place: Place) -> Iterator[None]:
    yield
    _plays(place, HookKind.WORDPRESS)


@contextmanager
def contentful(place: Place) -> Iterator[None]:
    yield
    _plays(place, HookKind.CONTENTFUL)


@contextmanager
def sanity(place: Place) -> Iterator[None]:
    yield
    _plays(place, HookKind.SANITY)


def _plays(place: Place, kind: HookKind) -> None:
    """Send an event to the address, signed with the secret, that the example printed; its picture is delivered."""
    told = dict(line.split(maxsplit=1) for line in place.output.splitlines()[:2])
    api, _, name = told["address"].rpartition("/hooks/")
    client = place.deployment.client
    with serving({"/photo.jpg": (place.folder / "photo.jpg").read_bytes()}) as site:
        status, taken = send(api, name, kind, told["secret"], event_about(kind, f"{site}/photo.jpg"))
        assert status == 202, taken
        fetched = client.fetches.wait(taken["fetches"][0]["fetch_id"])
    assert fetched.asset_id is not None, fetched
    asset = place.deployment.outcome(fetched.asset_id)
    assert asset.status is Status.DELIVERED, asset.outcome
    assert asset.tags["cms.id"]
