"""A network of one machine: names lead where a test says, and of 127.0.0.* only 127.0.0.1 counts as public."""

import ipaddress
import socket
from typing import Any

import pytest

from handlers.outbound import addresses
from handlers.settings import settings

PUBLIC, PRIVATE = "127.0.0.1", "127.0.0.2"


class Names:
    """A resolver. A name with several lists of addresses answers with the next one each time it is asked."""

    def __init__(self) -> None:
        self.known: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []

    def lead(self, name: str, *answers: list[str]) -> None:
        self.known[name] = list(answers)

    def getaddrinfo(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        self.asked.append(host)
        if host not in self.known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answers = self.known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Resolve names as a test says; 127.0.0.1 is taken for public: a local server stands for a public one."""
    resolver, truly, asks = Names(), addresses.is_public, socket.getaddrinfo

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return resolver.getaddrinfo(host, *rest, **more)
        return asks(host, *rest, **more)  # connecting to an address asks as well, and is no second resolution

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses, "is_public", lambda text: text == PUBLIC or truly(text))
    return resolver


@pytest.fixture
def plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let http be asked too, while addresses are judged as ever: what is tested here is not TLS."""
    monkeypatch.setattr("handlers.outbound.urls._schemes", lambda: ("https", "http"))


@pytest.fixture
def switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow private addresses as ``cleanplate up --allow-private-addresses`` does."""
    monkeypatch.setenv("ALLOW_PRIVATE_ADDRESSES", "yes")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    settings.cache_clear()
