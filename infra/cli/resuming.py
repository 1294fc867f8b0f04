"""Begin a batch, or go on with one that was interrupted: one journal beside its results."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.cli.console import say
from infra.cli.journal import NAME, Journal
from infra.cli.plan import Picture
from infra.client import Client
from schemas.errors import BadInput

_LOOKS = 3
"""Pictures that are asked for, to learn whether a deployment still is the one that took them."""


def begin(folder: Path | None, pictures: Sequence[Picture], job: Mapping[str, Any], deployment: str) -> Journal:
    """Begin a journal in the folder of the results; without a folder none is kept.

    Raises
    ------
    BadInput
        If the folder holds the journal of a batch that is not finished.
    """
    if folder is None:
        return Journal(pictures=tuple(pictures))
    path = folder / NAME
    if path.exists() and (unfinished := Journal.read(path).unfinished):
        raise BadInput(
            f"{folder} holds a batch that was interrupted, with {unfinished} pictures to do. Add --resume to go on "
            f"with it, or delete {path} to begin anew.",
            code="unfinished_batch",
        )
    return Journal.begin(path, pictures, job, deployment)


def resume(folder: Path | None, pictures: Sequence[Picture], job: Mapping[str, Any], deployment: str) -> Journal:
    """Go on with the batch in a folder, as it was planned then; pictures that came later are left out.

    Parameters
    ----------
    pictures
        What would be planned now: it says under which names the user calls the files.

    Raises
    ------
    BadInput
        If there is no such batch, or it was of other pictures, another job or another deployment.
    """
    if folder is None:
        raise BadInput("A batch is resumed where its results are: name the folder, --out.", code="no_folder")
    if not (folder / NAME).exists():
        raise BadInput(f"There is no batch to resume in {folder}.", code="no_batch")
    journal = Journal.read(folder / NAME)
    if journal.deployment != deployment:
        raise BadInput(f"The batch in {folder} was begun with {journal.deployment}.", code="another_deployment")
    if changed := sorted(name for name in {*job, *journal.job} if job.get(name) != journal.job.get(name)):
        raise BadInput(
            f"The batch in {folder} was begun with another {', '.join(changed)}; a batch goes on as it began.",
            code="another_job",
        )
    named = {picture.file.resolve(): picture.file for picture in pictures}
    planned = {picture.file for picture in journal.pictures}
    if not planned & set(named):
        raise BadInput(f"The batch in {folder} is of other pictures.", code="other_pictures")
    if later := len(set(named) - planned):
        say(f"{later} pictures came after this batch was begun and are left out; edit them in a batch of their own.")
    journal.pictures = tuple(
        replace(picture, file=named.get(picture.file, picture.file)) for picture in journal.pictures
    )
    return journal


def check_known(journal: Journal, client: Client) -> None:
    """Look whether the deployment knows what was uploaded: a stack that was made anew knows nothing of it.

    Raises
    ------
    BadInput
        If it knows none of it.
    """
    asked = journal.asset_ids[:_LOOKS]
    if asked and all(client.asset(asset_id) is None for asset_id in asked):
        raise BadInput(
            "The deployment knows none of the pictures that were uploaded: it is another one by now. "
            f"Delete {journal.path} to begin anew.",
            code="another_deployment",
        )
