"""Take many pictures through a deployment, a few at a time, and record what became of each."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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


class Interrupted(Exception):
    """The user pressed Ctrl-C; ``records`` holds what was finished by then."""

    def __init__(self, records: list[Record]) -> None:
        super().__init__()
        self.records = records


class Batch:
    """One call of ``edit``.

    Parameters
    ----------
    timeout
        Seconds to wait for each picture.
    at_once
        Pictures under way at the same time. Together with the files' streaming this bounds memory, whatever the
        size of a folder.
    """

    def __init__(
        self, client: Client, job: Job, save: Save, progress: Progress, *, timeout: float, at_once: int = 4
    ) -> None:
        self._client = client
        self._job = job
        self._save = save
        self._progress = progress
        self._timeout = timeout
        self._at_once = at_once
        self._cancelled = threading.Event()

    def run(self, pictures: Sequence[Picture]) -> list[Record]:
        """Take all pictures through; the records are in the order of the pictures.

        Raises
        ------
        Interrupted
            On Ctrl-C. What was uploaded goes on in the deployment.
        """
        taken: dict[int, Record] = {}  # not the futures: an interruption may come before one of them is held

        def take(number: int) -> None:
            taken[number] = self._take(pictures[number])

        with ThreadPoolExecutor(self._at_once) as pool:
            try:
                for future in [pool.submit(take, number) for number in range(len(pictures))]:
                    future.result()
            except KeyboardInterrupt:
                self._cancelled.set()
                pool.shutdown(cancel_futures=True)
                raise Interrupted([taken[number] for number in sorted(taken)]) from None
        return [taken[number] for number in range(len(pictures))]

    def _take(self, picture: Picture) -> Record:
        try:
            record = self._through(picture)
        except ApiError as error:
            refused = 400 <= error.status < 500 and error.code != "http_error"
            record = failure_record(str(picture.file), REJECTED if refused else "FAILED", error.code, error.message)
        except CleanplateError as error:
            record = failure_record(str(picture.file), "FAILED", error.code, error.message)
        except OSError as error:
            reason = f"{error.strerror or error}: {error.filename or picture.file}"
            record = failure_record(str(picture.file), "FAILED", "unreadable", reason)
        if not self._cancelled.is_set():
            self._progress.done(record)
        return record

    def _through(self, picture: Picture) -> Record:
        file = str(picture.file)
        self._progress.under_way(file, "uploading")
        if picture.mask:
            self._client.upload_mask(picture.path, picture.mask, recipe=self._job.recipe)
        asset_id = self._client.upload(picture.path, picture.file, self._job)
        try:
            seen = self._client.wait(
                [asset_id],
                lambda asset: self._progress.under_way(file, step_of(asset)),
                timeout=self._timeout,
                cancelled=self._cancelled,
            )
        except TimedOut as error:
            return failure_record(file, "FAILED", error.code, error.message, asset_id=asset_id)
        asset = seen.get(asset_id)
        if asset is None or not asset.is_over:
            return failure_record(file, UNFINISHED, "interrupted", "Interrupted; the run goes on.", asset_id=asset_id)
        return record_of(file, asset, self._saved(picture, asset))

    def _saved(self, picture: Picture, asset: AssetView) -> Path | None:
        try:
            return self._save(self._client, picture, asset)
        except OSError as error:
            reason = f"The result could not be saved: {error.strerror or error}."
            raise PermanentFailure(reason, code="not_saved") from error


def exit_code(records: Sequence[Record]) -> int:
    """Choose the exit code: 0 all delivered, 3 some wait for somebody, 4 some were refused, 1 something failed."""
    outcomes = {record["outcome"] for record in records}
    if outcomes & {"FAILED"}:
        return 1
    if outcomes & {"QUARANTINED", "SUPERSEDED", "CANCELLED", REJECTED}:
        return 4
    return 3 if outcomes & {"AWAITING_REVIEW", "HELD"} else 0
