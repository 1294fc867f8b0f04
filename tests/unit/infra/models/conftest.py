"""A web server to fetch from, and no waiting between attempts."""

from collections.abc import Iterator

import pytest

from tests.unit.infra.models.shelf import Shelf, serving


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    monkeypatch.setattr("infra.models.download._PAUSE_SECONDS", 0)
    for name in ("HF_TOKEN", "HF_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with serving(Shelf()) as each:
        yield each
