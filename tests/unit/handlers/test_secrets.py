"""Secrets are kept by name, replaced, and gone when they are deleted."""

import pytest

from handlers.aws import secrets
from handlers.aws.clients import ClientError, client

NAME = "cleanplate/hooks/blog"


@pytest.mark.usefixtures("aws")
def test_a_secret_is_what_was_written_last_until_it_is_forgotten() -> None:
    assert secrets.read(NAME) is None
    secrets.write(NAME, "one")
    secrets.write(NAME, "two")
    assert secrets.read(NAME) == "two"
    secrets.forget(NAME)
    secrets.forget(NAME)
    assert secrets.read(NAME) is None
    secrets.write(NAME, "three")
    assert secrets.read(NAME) == "three"


@pytest.mark.usefixtures("aws")
def test_of_two_who_make_a_secret_at_once_the_last_one_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    create = client("secretsmanager").create_secret

    def slower(**arguments: str) -> None:
        create(**arguments | {"SecretString": "the other's"})
        raise ClientError({"Error": {"Code": "ResourceExistsException"}}, "CreateSecret")

    monkeypatch.setattr(client("secretsmanager"), "create_secret", slower)
    secrets.write(NAME, "ours")
    assert secrets.read(NAME) == "ours"
