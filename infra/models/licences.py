"""Which licences were accepted, and when: one line for each model and set of files, in the models folder."""

import re
from datetime import UTC, datetime

from infra.models.store import Store
from schemas.model_card import ModelCard
from schemas.pointers import Document, Sha256


class AcceptedFile(Document):
    """A file that came under a licence."""

    file: str
    source: str
    sha256: Sha256
    licence: str


class Acceptance(Document):
    """That somebody fetched or added a model's files, having been shown its licence."""

    date: datetime
    model: str
    version: str
    licence: str
    commercial_use: bool
    files: list[AcceptedFile]

    def covers(self, other: "Acceptance") -> bool:
        """Whether the other one says nothing new."""
        return self.model_copy(update={"date": other.date}) == other


def forbids_business(licence: str) -> bool:
    """Whether a licence says in its very name that it is not for commercial use: ``cc-by-nc-4.0``.

    Many that forbid it do not say so there: a name that says nothing proves nothing.
    """
    return re.search(r"(^|[^a-z])(nc|non-?commercial|research|academic)([^a-z]|$)", licence.lower()) is not None


def accept(store: Store, card: ModelCard) -> None:
    """Write down that a card's licence was shown before its files were taken; what stands there already stays once.

    The file is ``licences.jsonl``. Lines are only ever added: it answers later what was taken under which terms.
    """
    if not card.weights:
        return
    files = [AcceptedFile.model_validate(each.model_dump(exclude={"size_bytes"})) for each in card.weights]
    now = Acceptance(
        date=datetime.now(UTC).replace(microsecond=0),
        model=card.name,
        version=card.version,
        licence=card.licence,
        commercial_use=card.commercial_use,
        files=files,
    )
    with store.alone("licences"):
        if not any(earlier.covers(now) for earlier in accepted(store, card.name)):
            with (store.folder / "licences.jsonl").open("a", encoding="utf-8") as file:
                file.write(now.model_dump_json() + "\n")


def accepted(store: Store, model: str) -> list[Acceptance]:
    """What was accepted for a model, the oldest first."""
    path = store.folder / "licences.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [each for each in map(Acceptance.model_validate_json, lines) if each.model == model]
