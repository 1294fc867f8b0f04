"""What is delivered, seen by somebody who shows it."""

from infra.client.transport import Transport
from schemas.http.copies import CopyOrdered
from schemas.http.links import DeliveredLinks


class Delivered:
    """The delivered files of one deployment.

    Every method raises ``ApiError`` where the API says no (``nothing_delivered``, ``no_second_target`` ...), and
    ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def links(self, asset_id: str, *, seconds: int | None = None) -> DeliveredLinks:
        """Give the addresses of an asset's files at the CDN.

        Parameters
        ----------
        seconds
            How long they are good for where the CDN lets in only who has a signed address; an hour without it.
        """
        asked = None if seconds is None else str(seconds)
        return DeliveredLinks.model_validate(self._http.get(f"/assets/{asset_id}/links", seconds=asked))

    def copy_again(self, asset_id: str) -> CopyOrdered:
        """Have what is delivered of a picture copied to the second target once more."""
        return CopyOrdered.model_validate(self._http.post(f"/assets/{asset_id}/copies", {}))
