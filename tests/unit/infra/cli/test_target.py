from types import SimpleNamespace

import pytest

from infra.cli.target import connect
from schemas.errors import PermanentFailure

INFO = SimpleNamespace(endpoint_url="http://127.0.0.1:9", region="us-east-1", outputs={"ApiId": "api1"})


def none_runs() -> None:
    raise PermanentFailure("No stack is running.", code="no_stack")


def test_a_running_stack_is_used(monkeypatch, capsys):
    monkeypatch.setattr("infra.local.stack.attach", lambda: INFO)
    assert connect(None, None, None, start=True).url == "http://127.0.0.1:9/_aws/execute-api/api1/$default/signed"
    assert capsys.readouterr() == ("", "")


def test_a_stack_is_started_where_none_runs_and_the_user_is_told(monkeypatch, capsys):
    monkeypatch.setattr("infra.local.stack.attach", none_runs)
    monkeypatch.setattr("infra.local.stack.up", lambda: INFO)
    assert connect(None, None, None, start=True).url.startswith("http://127.0.0.1:9/")
    assert "cleanplate down" in capsys.readouterr().err


def test_nothing_is_started_just_to_look(monkeypatch):
    monkeypatch.setattr("infra.local.stack.attach", none_runs)
    with pytest.raises(PermanentFailure):
        connect(None, None, None)
