"""Webhooks, seen by somebody who wants to hear when pictures are done."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from infra.client.errors import TimedOut
from infra.client.transport import Transport
from infra.client.waiting import look_until
from schemas.http.webhooks import DeliveryShown, SecretShown, WebhookMade, WebhookShown
from schemas.webhook import DeliveryState

_LOOK_SECONDS = 0.5


class Webhooks:
    """The webhooks of one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def add(
        self, url: str, *, events: Sequence[str] | None = None, recipes: Sequence[str] | None = None
    ) -> WebhookMade:
        """Register an address. What comes back holds the secret, which is shown this once.

        Parameters
        ----------
        events
            ``delivered``, ``awaiting_review``, ``quarantined``, ``failed``, ``superseded``, ``rejected``,
            ``cancelled``, ``held``, ``withdrawn`` or ``erased``; all of them if not given.
        recipes
            Names, or names and versions, of the recipes whose outcomes are told; all of them if not given.
        """
        wishes = {"events": events and [*events], "recipes": recipes and [*recipes]}
        order = {"url": url, **{name: value for name, value in wishes.items() if value}}
        return WebhookMade.model_validate(self._http.post("/webhooks", order))

    def list(self) -> list[WebhookShown]:
        """List the webhooks."""
        return [WebhookShown.model_validate(webhook) for webhook in self._http.get("/webhooks")["webhooks"]]

    def show(self, webhook_id: str) -> WebhookShown:
        """Look at one."""
        return WebhookShown.model_validate(self._http.get(_path(webhook_id)))

    def remove(self, webhook_id: str) -> WebhookShown:
        """Forget one and its secret."""
        return WebhookShown.model_validate(self._http.delete(_path(webhook_id)))

    def rotate(self, webhook_id: str) -> SecretShown:
        """Make a new secret; the one before it signs beside it for 24 hours."""
        return SecretShown.model_validate(self._http.post(_path(webhook_id, "rotate"), {}))

    def enable(self, webhook_id: str) -> WebhookShown:
        """Send again to one that was disabled because its address was gone."""
        return WebhookShown.model_validate(self._http.post(_path(webhook_id, "enable"), {}))

    def test(self, webhook_id: str) -> DeliveryShown:
        """Send an event that says nothing but that it works."""
        return DeliveryShown.model_validate(self._http.post(_path(webhook_id, "test"), {}))

    def callback_secret(self) -> SecretShown:
        """Look at the secret that callbacks of jobs are signed with; for admins."""
        return SecretShown.model_validate(self._http.get("/webhooks/callback-secret"))

    def rotate_callback_secret(self) -> SecretShown:
        """Make a new secret for callbacks; for admins."""
        return SecretShown.model_validate(self._http.post("/webhooks/callback-secret/rotate", {}))

    def deliveries(self, state: DeliveryState | str = DeliveryState.FAILED) -> Iterator[DeliveryShown]:
        """List deliveries that came so far (``failed``, ``pending`` or ``delivered``), the latest first."""
        cursor: str | None = None
        while True:
            page = self._http.get("/webhooks/deliveries", state=DeliveryState(state), cursor=cursor)
            yield from (DeliveryShown.model_validate(delivery) for delivery in page["deliveries"])
            cursor = page.get("cursor")
            if cursor is None:
                return

    def delivery(self, delivery_id: str) -> DeliveryShown:
        """Look at one delivery."""
        return DeliveryShown.model_validate(self._http.get(_path("deliveries", delivery_id)))

    def resend(self, delivery_id: str) -> DeliveryShown:
        """Send once more what was delivered or given up."""
        return DeliveryShown.model_validate(self._http.post(_path("deliveries", delivery_id, "resend"), {}))

    def wait(self, delivery_id: str, *, timeout: float = 30) -> DeliveryShown:
        """Wait until a delivery was tried at least once.

        Raises
        ------
        TimedOut
            If it was not within ``timeout`` seconds.
        """
        return look_until(
            lambda: self.delivery(delivery_id),
            lambda delivery: delivery.attempts > 0,
            lambda _: TimedOut("Nobody tried to send it yet; the delivery goes on.", code="timed_out"),
            timeout=timeout,
            pause=_LOOK_SECONDS,
        )


def _path(*parts: str) -> str:
    return "/".join(("/webhooks", *(quote(part, safe="") for part in parts)))
