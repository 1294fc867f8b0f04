"""Content Credentials of what was delivered, checked by the deployment itself."""

from infra.client.transport import Transport
from schemas.http.credentials import AssetCredentials


class CredentialsBook:
    """What delivered files say about themselves.

    Raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def of(self, asset_id: str) -> AssetCredentials:
        """Have every delivered file of an asset read again and checked."""
        return AssetCredentials.model_validate(self._http.get(f"/assets/{asset_id}/credentials"))
