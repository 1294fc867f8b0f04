"""Taking back what was delivered, seen by somebody who has to."""

from pydantic import ConfigDict

from infra.client.errors import TimedOut
from infra.client.transport import Transport
from infra.client.waiting import look_until
from schemas.erasure import ErasureReason
from schemas.http.erasures import ErasureShown
from schemas.records import AssetRecord
from schemas.withdrawal import WithdrawalOrder, WithdrawalReason

_LOOK_SECONDS = 0.3


class AssetStanding(AssetRecord):
    """How an asset stands. New fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Removals:
    """What is taken away in one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def withdraw(self, asset_id: str, reason: WithdrawalReason, comment: str | None = None) -> AssetStanding:
        """Take back what was delivered of a picture. Its files are gone some seconds later; see `gone`.

        Parameters
        ----------
        reason
            In one word: the manifest says it to everybody.
        comment
            For people of the deployment.
        """
        order = WithdrawalOrder(reason=reason, comment=comment).model_dump(mode="json", exclude_none=True)
        return AssetStanding.model_validate(self._http.post(f"/assets/{asset_id}/withdraw", order))

    def erase(self, asset_id: str, reason: ErasureReason) -> ErasureShown:
        """Have a picture erased, with all that is known of it and every upload to the same key; for admins."""
        path = f"/assets/{asset_id}?reason={reason}"
        return ErasureShown.model_validate(self._http.delete(path))

    def erasure(self, asset_id: str) -> ErasureShown:
        """Look how far an erasure is."""
        return ErasureShown.model_validate(self._http.get(f"/erasures/{asset_id}"))

    def erased(self, asset_id: str, *, timeout: float = 120) -> ErasureShown:
        """Wait until nothing is left of a picture.

        Raises
        ------
        TimedOut
            If something is left of it by then. The work goes on.
        """
        return look_until(
            lambda: self.erasure(asset_id),
            lambda erasure: erasure.state == "erased",
            lambda _: TimedOut("It is still being erased; that goes on.", code="timed_out"),
            timeout=timeout,
            pause=_LOOK_SECONDS,
        )

    def gone(self, asset_id: str, *, timeout: float = 120) -> AssetStanding:
        """Wait until the files of what is withdrawn are gone.

        Raises
        ------
        TimedOut
            If they are not in time. The work goes on.
        """
        return look_until(
            lambda: AssetStanding.model_validate(self._http.get(f"/assets/{asset_id}")),
            lambda asset: not asset.is_being_withdrawn,
            lambda _: TimedOut("Files are still being taken away; that goes on.", code="timed_out"),
            timeout=timeout,
            pause=_LOOK_SECONDS,
        )
