"""All that is known of assets, each from upload to delivery, with small pictures of every stage."""

import time
from collections.abc import Iterator
from http import HTTPStatus

import urllib3

from infra.client.transport import Transport
from schemas.http.assets import AssetPage, AssetShown
from schemas.http.life import AssetLife, MiniaturesAsked

_LARGEST_SMALL = 1_000_000
"""Bytes."""


class Lives:
    """The lives of one deployment's assets.

    Every method raises ``ApiError`` where the API says no (``unknown_asset``), and ``TransientFailure`` where it does
    not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def of(self, asset_id: str) -> AssetLife:
        """Tell the life of an asset. Its links are good for five minutes."""
        return AssetLife.model_validate(self._http.get(f"/assets/{asset_id}/life"))

    def below(self, folder: str) -> Iterator[AssetShown]:
        """List the assets that the inbox holds under keys that begin so, in the order of the keys."""
        cursor: str | None = None
        while True:
            page = AssetPage.model_validate(self._http.get("/assets", folder=folder, cursor=cursor))
            yield from page.assets
            cursor = page.cursor
            if cursor is None:
                return

    def ask_for_pictures(self, asset_id: str) -> int:
        """Have the small pictures made that are missing; return how many those are."""
        return MiniaturesAsked.model_validate(self._http.post(f"/assets/{asset_id}/miniatures", {})).missing

    def with_pictures(self, asset_id: str, *, timeout: float = 60, pause: float = 0.5) -> AssetLife:
        """Tell the life of an asset once its small pictures are made, or are not within some seconds.

        Parameters
        ----------
        timeout, pause
            Seconds, for everything and between two looks.
        """
        life, deadline = self.of(asset_id), time.monotonic() + timeout
        if life.missing:
            self.ask_for_pictures(asset_id)
        while life.missing and time.monotonic() < deadline:
            time.sleep(pause)
            life = self.of(asset_id)
        return life

    def picture(self, link: str) -> bytes | None:
        """Load a small picture; ``None`` for one that cannot be had, or is larger than any that is made."""
        try:
            answer = self._http.pool.request("GET", link, preload_content=False, redirect=False)
            try:
                data = answer.read(_LARGEST_SMALL + 1)
            finally:
                answer.release_conn()
        except urllib3.exceptions.HTTPError:
            return None
        return data if answer.status == HTTPStatus.OK and len(data) <= _LARGEST_SMALL else None
