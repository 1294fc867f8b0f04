"""The course of a batch: what needs no look any more, what is tried first, and, if the user agrees, the rest."""

from collections.abc import Callable, Iterator, Sequence

from infra.cli import trying
from infra.cli.batch import Batch, Interrupted
from infra.cli.console import say
from infra.cli.plan import Picture
from infra.cli.progress import Progress
from infra.cli.tally import Tally
from infra.report.record import Record


class Course:
    """Takes the pictures of a batch through it.

    Parameters
    ----------
    show
        Makes the progress view of a tally.
    try_first
        Number of pictures that are done before the user is asked; 0 to ask nothing.
    yes
        Show what came of them and go on without asking.
    """

    def __init__(self, batch: Batch, show: Callable[[Tally], Progress], *, try_first: int, yes: bool) -> None:
        self._batch = batch
        self._show = show
        self._try_first = try_first
        self._yes = yes

    def take(self, pictures: Sequence[Picture]) -> list[Record]:
        """Take them through; the records, in the order of the pictures, are of those that were.

        Raises
        ------
        Interrupted
            On Ctrl-C, with the records of what was finished by then.
        """
        found = {str(picture.file): record for picture in pictures if (record := self._batch.settled(picture))}
        tally = Tally(len(pictures))
        for record in found.values():
            tally.add(record, before=True)
        todo = [picture for picture in pictures if str(picture.file) not in found]
        try:
            for part in self._parts(todo, found):
                with self._show(tally) as progress:
                    found |= _by_file(self._batch.run(part, progress))
        except Interrupted as interrupted:
            found |= _by_file(interrupted.records)
            raise Interrupted(_ordered(pictures, found)) from None
        if len(pictures) > 1:
            say(str(tally))
        return _ordered(pictures, found)

    def _parts(self, todo: Sequence[Picture], found: dict[str, Record]) -> Iterator[Sequence[Picture]]:
        """Give first those to try, then the rest; between the two, ``found`` has got what came of the first."""
        first, rest = todo[: self._try_first], todo[self._try_first :]
        if first:
            yield first
        if first and rest:
            tried = [found[str(picture.file)] for picture in first]
            for line in trying.told(tried, len(rest)):
                say(line)
            if not (self._yes or trying.agreed(len(rest))):
                say(f"Stopped: {len(rest)} pictures are left. With --out, the same command and --resume does them.")
                return
        if rest:
            yield rest


def _by_file(records: Sequence[Record]) -> dict[str, Record]:
    return {record["file"]: record for record in records}


def _ordered(pictures: Sequence[Picture], found: dict[str, Record]) -> list[Record]:
    return [found[str(picture.file)] for picture in pictures if str(picture.file) in found]
