"""What runs cost, seen by somebody who pays for them."""

from datetime import date

from infra.client.transport import Transport
from schemas.http.costs import Costs
from schemas.tally import By


class CostBook:
    """The costs of one deployment.

    Its method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def between(self, first: date | None = None, last: date | None = None, *, by: By = "day") -> Costs:
        """Add up what runs cost.

        Parameters
        ----------
        first, last
            Days, UTC, both included; the last 30 without them.
        by
            What is added up: ``day``, ``recipe`` or ``model``.
        """
        days = {"from": first, "to": last}
        asked = {name: day.isoformat() for name, day in days.items() if day}
        return Costs.model_validate(self._http.get("/costs", by=by, **asked))
