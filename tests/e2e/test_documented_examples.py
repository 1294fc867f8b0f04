"""What the documentation shows is what happens: every named example runs on a stack, as it stands there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local import home, stack, template
from infra.local.programs import TEMPLATE
from tests.e2e.deployment import Deployment
from tests.e2e.documented import Example, Place, examples, run

pytestmark = pytest.mark.stack

EXAMPLES = examples()
SWITCHES = {"PrivateAddresses": "allow", "AttachedBuckets": "holiday-pictures"}
"""Receivers and file servers of examples are on this machine; ``holiday-pictures`` is somebody else's bucket."""


@pytest.fixture(scope="module")
def documented_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A stack that is the current one, as after ``cleanplate up``."""
    known = template.load(TEMPLATE)["Parameters"]
    options = stack.Options(parameters={name: value for name, value in SWITCHES.items() if name in known})
    with pytest.MonkeyPatch.context() as patched, stack.temporary(options) as info:
        patched.setenv("CLEANPLATE_HOME", str(tmp_path_factory.mktemp("home")))
        home.make_current(info.state_dir)
        yield Deployment(info)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.document}:{example.name}")
def test_an_example_does_what_it_says(example: Example, documented_stack: Deployment, tmp_path: Path) -> None:
    run(example, Place(tmp_path, documented_stack))


def test_every_example_has_a_name_of_its_own() -> None:
    names = [(example.document, example.name) for example in EXAMPLES]
    assert all(name for _, name in names)
    assert len(set(names)) == len(names)
