"""The client: a deployment, seen by somebody who has pictures."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infra.client.connection import Connection
from infra.client.errors import ApiError
from infra.client.transfer import fetch, send
from infra.client.views import AssetView
from infra.client.waiting import OnChange, wait_for
from schemas import ids
from schemas.asset import Status
from schemas.errors import PermanentFailure
from schemas.job import Job
from schemas.keys import MASK_SUFFIX

if TYPE_CHECKING:
    from PIL.Image import Image

AS_USUAL = Job()
"""What the recipe and the deployment say, and nothing else."""


class Page(NamedTuple):
    """Assets of a list, the latest first, and where the next page begins."""

    assets: list[AssetView]
    cursor: str | None


class Client(Connection):
    """Talks to one deployment. May be shared between threads."""

    def upload(self, path: str, file: Path, job: Job = AS_USUAL, *, before: Callable[[str], None] | None = None) -> str:
        """Upload a photo; return the id of the asset it becomes.

        Parameters
        ----------
        path
            Relative path it gets in the inbox, below the recipe's folder.
        file
            The photo, or the sketch.
        job
            The recipe, and what is to be done otherwise than it says.
        before
            Called with the key in the inbox before a byte is sent.

        Raises
        ------
        ApiError
            If the API refuses the path or the job, or S3 the file's size.
        TransientFailure
            If there is no answer.
        OSError
            If the file cannot be read.
        """
        form = self._http.post("/assets", {"path": path, **job.stated})
        if before:
            before(form["key"])
        version = send(self._http.pool, form, file)
        if version:
            return ids.asset_id(form["bucket"], form["key"], version)
        return self.await_asset_at(form["key"])

    def upload_mask(self, path: str, file: Path, *, recipe: str | None = None) -> None:
        """Upload the mask of the photo that will go to ``path``. Before the photo: then one run sees both."""
        form = self._http.post("/assets", {"path": path + MASK_SUFFIX, **({"recipe": recipe} if recipe else {})})
        send(self._http.pool, form, file)

    def asset(self, asset_id: str) -> AssetView | None:
        """Look at an asset; ``None`` while the deployment has not seen it yet."""
        try:
            return AssetView.model_validate(self._http.get(f"/assets/{asset_id}"))
        except ApiError as error:
            if error.code == "unknown_asset":
                return None
            raise

    def asset_at(self, key: str) -> str:
        """Find the id of the asset that an inbox key holds at the moment.

        Raises
        ------
        ApiError
            ``unknown_asset`` if nothing is known of the key, perhaps not yet.
        """
        return str(self._http.get("/assets", key=key)["assets"][0]["asset_id"])

    def assets(
        self,
        status: Status | None = None,
        cursor: str | None = None,
        *,
        recipe: str | None = None,
        tag: str | None = None,
        batch: str | None = None,
    ) -> Page:
        """List assets, the latest first.

        Parameters
        ----------
        status
            How they stand; any without it.
        cursor
            Where the page begins: that of the page before.
        recipe, tag, batch
            Only those of a recipe (``name`` or ``name@version``), with a tag (``name`` or ``name:text``), of a batch.
        """
        found = self._http.get("/assets", status=status, cursor=cursor, recipe=recipe, tag=tag, batch=batch)
        return Page([AssetView.model_validate(asset) for asset in found["assets"]], found.get("cursor"))

    def picture(self, asset: AssetView) -> "Image":
        """Load the largest picture that an asset's run made; a notebook draws it.

        Raises
        ------
        PermanentFailure
            ``no_picture`` if it made none, or the asset comes from a list, which holds no links.
        """
        from PIL import Image

        link = asset.best_image
        if link is None:
            raise PermanentFailure("There is no picture; look at the asset itself, once it is over.", code="no_picture")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"picture{link.ending}")
            self.download(link.url, path)
            with Image.open(path) as picture:
                picture.load()
                return picture.copy()

    def download(self, url: str, path: Path, *, max_bytes: int = 4 << 30) -> int:
        """Download one of an asset's links, whole or not at all; return the size in bytes."""
        return fetch(self._http.pool, url, path, max_bytes=max_bytes)

    def wait(
        self,
        asset_ids: Iterable[str],
        on_change: OnChange | None = None,
        *,
        timeout: float = 900,
        cancelled: threading.Event | None = None,
    ) -> dict[str, AssetView]:
        """Wait until every asset has an outcome.

        Parameters
        ----------
        on_change
            Called with an asset whenever its status or stage is another than before.
        timeout
            Seconds for all of them together.
        cancelled
            Set by another thread to stop waiting; what is there by then is returned.

        Raises
        ------
        TimedOut
            If some are not done in time. Their runs go on.
        """
        return wait_for(self.asset, asset_ids, on_change, timeout=timeout, cancelled=cancelled)

    def await_asset_at(self, key: str, *, timeout: float = 60) -> str:
        """Ask for the asset at a key until it is known, for whoever was not told the version.

        Raises
        ------
        ApiError
            ``unknown_asset`` if it is not known in time.
        """
        deadline = time.monotonic() + timeout
        while True:
            try:
                return self.asset_at(key)
            except ApiError as error:
                if error.code != "unknown_asset" or time.monotonic() > deadline:
                    raise
            time.sleep(0.5)
