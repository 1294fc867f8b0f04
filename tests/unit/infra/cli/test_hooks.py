"""``cleanplate hooks``: a secret is printed once, and what makes no sense is refused before anything is asked."""

from pathlib import Path
from typing import Any

import pytest

from schemas.http.hooks import HookMade
from schemas.job import Job
from tests.unit.infra.cli.test_commands import _no_stack, run
from tests.unit.infra.client.test_hooks import HOOK

__all__ = ["_no_stack"]


class Doors:
    """A deployment's hooks, as far as the commands need them."""

    def __init__(self) -> None:
        self.hooks = self
        self.made: list[tuple[str, str, Job, dict[str, Any]]] = []
        self.secret: str | None = "whsec_once"

    def put(self, name: str, kind: str, job: Job, **more: Any) -> HookMade:
        self.made.append((name, kind, job, more))
        return HookMade.model_validate({**HOOK, "secret": self.secret})

    def list(self) -> list[HookMade]:
        return [HookMade.model_validate(HOOK)]

    def rotate(self, name: str) -> HookMade:
        return HookMade.model_validate({**HOOK, "name": name, "secret": "whsec_new"})

    def remove(self, name: str) -> HookMade:
        return HookMade.model_validate({**HOOK, "name": name})

    def address(self, hook: HookMade) -> str:
        return f"https://api.example{hook.path}"


@pytest.fixture
def doors(monkeypatch) -> Doors:
    doors = Doors()
    monkeypatch.setattr("infra.cli.target.connect", lambda *_, **__: doors)
    return doors


def test_a_new_hook_tells_its_address_and_its_secret(doors: Doors):
    code, output = run(
        "hooks", "add", "blog", "--kind", "wordpress", "--rights", "owned", "--host", "a.b", "--host", "c.d"
    )
    assert (code, doors.made[0][:3]) == (0, ("blog", "wordpress", Job(rights="owned")))
    assert doors.made[0][3] == {"folder": "", "hosts": ["a.b", "c.d"], "secret": None}
    assert output.splitlines() == ["address  https://api.example/hooks/blog", "secret   whsec_once"]


def test_a_secret_of_the_content_systems_own_is_read_from_a_file_and_not_repeated(doors: Doors, tmp_path: Path):
    file = tmp_path / "secret.txt"
    file.write_text("c" * 64 + "\n")
    doors.secret = None
    code, output = run("hooks", "add", "shop", "--kind", "contentful", "--secret-file", file)
    assert (code, doors.made[0][3]["secret"], "c" * 64 in output) == (0, "c" * 64, False)


def test_options_go_over_the_job_in_a_file(doors: Doors, tmp_path: Path):
    file = tmp_path / "job.yaml"
    file.write_text("recipe: clean-and-print\nscale: 2\n")
    assert run("hooks", "add", "blog", "--job", file, "--recipe", "remove-watermark")[0] == 0
    assert doors.made[0][2] == Job(recipe="remove-watermark", scale=2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--kind", "drupal"], "possible: generic"),
        (["--rights", "stolen"], "--rights"),
        (["--job", "absent"], "absent"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_asked(doors: Doors, options: list[str], words: str):
    code, output = run("hooks", "add", "blog", *options)
    assert (code, words in output, doors.made) == (2, True, [])


def test_a_job_that_cannot_be_read_is_named_with_its_line(doors: Doors, tmp_path: Path):
    file = tmp_path / "job.yaml"
    file.write_text("recipe: clean-and-print\nscal: 2\n")
    code, output = run("hooks", "add", "blog", "--job", file)
    assert (code, doors.made) == (1, [])
    assert "line 2" in output
    assert "scal" in output


def test_hooks_are_listed_rotated_and_removed(doors: Doors):
    assert "https://api.example/hooks/blog" in run("hooks", "list")[1]
    assert "whsec_new" in run("hooks", "rotate", "blog")[1]
    assert "Removed `blog`" in run("hooks", "remove", "blog")[1]
