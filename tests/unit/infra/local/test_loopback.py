import pytest

from infra.local.loopback import refusal


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "[::1]:80", "x.localhost:1", "d1.cloudfront.net"])
def test_own_names_are_served(host: str) -> None:
    assert refusal(host, None) is None


@pytest.mark.parametrize("host", [None, "", "example.com", "127.0.0.1.example.com", "localhost@evil.com", "[::1"])
def test_rebound_names_are_refused(host: str | None) -> None:
    assert refusal(host, None) is not None


@pytest.mark.parametrize("origin", ["https://example.com", "null", "", "http://localhost.example.com", "http://[1"])
def test_pages_of_other_sites_are_refused(origin: str) -> None:
    assert refusal("127.0.0.1:4566", origin) is not None


def test_pages_of_this_machine_may_ask() -> None:
    assert refusal("127.0.0.1:4566", "http://localhost:8000") is None
