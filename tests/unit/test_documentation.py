"""The documents lead to each other, and every door has its lines."""

import re
from pathlib import Path

import pytest

from tests.e2e.documented import examples

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md"])
DOORS = {"api", "batches", "buckets", "client", "cms", "doors", "events", "recipes", "webhooks"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_a_link_leads_to_a_file_that_is_there(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    local = [target for target in targets if "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_every_door_has_an_example_that_is_run() -> None:
    assert {example.document for example in examples()} >= DOORS
