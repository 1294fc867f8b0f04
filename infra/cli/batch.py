"""Take many pictures through a deployment, a few at a time, and record what became of each."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.cli.journal import Journal
from infra.cli.plan import Picture
from infra.cli.progress import Progress, step_of
from infra.cli.results import Save
from infra.client import ApiError, AssetView, Client, Job, TimedOut
from infra.report.record import Record, failure_record, record_of
from schemas.errors import CleanplateError, PermanentFailure

REJECTED = "REJECTED"
"""Outcome of a picture that the deployment refused to take: nothing of it was kept there."""

UNFINISHED = "UNFINISHED"
"""Outcome of a picture that was not waited for; the deployment goes on with it."""

_SIGHTED_WITHIN = 10.0
"""Seconds in which an upload whose end was not noted shows at the deployment, if it got there."""


class Interrupted(Exception):
    """The user pressed Ctrl-C; ``records`` holds what was finished by then."""

    def __init__(self, records: list[Record]) -> None:
        super().__init__()
        self.records = records


class Batch:
    """One call of ``edit``.

    Parameters
    ----------
    journal
        What is known already, and where what happens is noted.
    timeout
        Seconds to wait for each picture.
    at_once
        Pictures under way at the same time. Together with the files' streaming this bounds memory, whatever the
        size of a folder.
    """

    def __init__(
        self, client: Client, job: Job, save: Save, journal: Journal, *, timeout: float, at_once: int = 4
    ) -> None:
        self._client = client
        self._job = job
        self._save = save
        self._journal = journal
        self._timeout = timeout
        self._at_once = at_once
        self._cancelled = threading.Event()

    def run(self, pictures: Sequence[Picture], progress: Progress) -> list[Record]:
        """Take all pictures through; the records are in the order of the pictures.

        Raises
        ------
        Interrupted
            On Ctrl-C. What was uploaded goes on in the deployment.
        """
        taken: dict[int, Record] = {}  # not the futures: an interruption may come before one of them is held

        under_way: set[int] = set()

        def take(number: int) -> None:
            under_way.add(number)
            try:
                taken[number] = self._take(pictures[number], progress)
            finally:
                under_way.remove(number)

        with ThreadPoolExecutor(self._at_once) as pool:
            try:
                for future in [pool.submit(take, number) for number in range(len(pictures))]:
                    future.result()
            except KeyboardInterrupt:
                self._cancelled.set()
                pool.shutdown(cancel_futures=True)
                while under_way:  # by a thread that the pool does not know of: its start was what was interrupted
                    time.sleep(0.05)
                raise Interrupted([taken[number] for number in sorted(taken)]) from None
        return [taken[number] for number in range(len(pictures))]

    def settled(self, picture: Picture) -> Record | None:
        """Find in the journal what needs no look: a result that was delivered and lies where it was saved."""
        record = self._journal.record_of(picture)
        if record is None or record["outcome"] != "DELIVERED":
            return None
        saved = record["output"]
        return {**record, "file": str(picture.file)} if saved is None or Path(saved).is_file() else None

    def _take(self, picture: Picture, progress: Progress) -> Record:
        file = str(picture.file)
        try:
            record = self._through(picture, progress)
        except ApiError as error:
            refused = 400 <= error.status < 500 and error.code != "http_error"
            record = failure_record(file, REJECTED if refused else "FAILED", error.code, error.message)
        except CleanplateError as error:
            record = failure_record(file, "FAILED", error.code, error.message)
        except OSError as error:
            reason = f"{error.strerror or error}: {error.filename or picture.file}"
            record = failure_record(file, "FAILED", "unreadable", reason)
        if record["outcome"] != UNFINISHED:
            self._journal.ended(picture, record)
        if not self._cancelled.is_set():
            progress.done(record)
        return record

    def _through(self, picture: Picture, progress: Progress) -> Record:
        file = str(picture.file)
        asset_id = self._sent_before(picture) or self._send(picture, progress)
        try:
            seen = self._client.wait(
                [asset_id],
                lambda asset: progress.under_way(file, step_of(asset)),
                timeout=self._timeout,
                cancelled=self._cancelled,
            )
        except TimedOut as error:
            return failure_record(file, "FAILED", error.code, error.message, asset_id=asset_id)
        asset = seen.get(asset_id)
        if asset is None or not asset.is_over:
            return failure_record(file, UNFINISHED, "interrupted", "Interrupted; the run goes on.", asset_id=asset_id)
        return record_of(file, asset, self._saved(picture, asset))

    def _send(self, picture: Picture, progress: Progress) -> str:
        progress.under_way(str(picture.file), "uploading")
        if picture.mask:
            self._client.upload_mask(picture.path, picture.mask, recipe=self._job.recipe)
        asset_id = self._client.upload(
            picture.path, picture.file, self._job, before=lambda key: self._journal.sending(picture, key)
        )
        self._journal.sent(picture, asset_id)
        return asset_id

    def _sent_before(self, picture: Picture) -> str | None:
        asset_id, key = self._journal.asset_of(picture), self._journal.key_of(picture)
        if asset_id is None and key:
            asset_id = self._sighted(key)
            if asset_id:
                self._journal.sent(picture, asset_id)
        return asset_id

    def _sighted(self, key: str) -> str | None:
        try:
            return self._client.await_asset_at(key, timeout=_SIGHTED_WITHIN)
        except ApiError as error:
            if error.code != "unknown_asset":
                raise
            return None

    def _saved(self, picture: Picture, asset: AssetView) -> Path | None:
        try:
            return self._save(self._client, picture, asset)
        except OSError as error:
            reason = f"The result could not be saved: {error.strerror or error}."
            raise PermanentFailure(reason, code="not_saved") from error


def exit_code(records: Sequence[Record]) -> int:
    """Choose the exit code: 0 all delivered, 3 some await review, 4 some were refused, 1 something failed."""
    outcomes = {record["outcome"] for record in records}
    if outcomes & {"FAILED"}:
        return 1
    if outcomes & {"QUARANTINED", "SUPERSEDED", "CANCELLED", "WITHDRAWN", "ERASED", REJECTED}:
        return 4
    return 3 if "AWAITING_REVIEW" in outcomes else 0
