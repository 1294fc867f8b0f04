"""Hooks: places where content systems send their events, seen by whoever runs the deployment."""

import json
from collections.abc import Sequence

from infra.client.transport import MACHINES, Transport
from schemas.hook import HookKind
from schemas.http.hooks import HookMade, HookShown
from schemas.job import Job

_ANY = Job()


class Hooks:
    """The hooks of one deployment.

    Every method raises ``ApiError`` where the API says no, and ``TransientFailure`` where it does not answer.
    """

    def __init__(self, transport: Transport) -> None:
        self._http = transport

    def list(self) -> list[HookShown]:
        """List the hooks, by name."""
        return [HookShown.model_validate(hook) for hook in self._http.get("/hooks")["hooks"]]

    def put(
        self,
        name: str,
        kind: HookKind | str,
        job: Job = _ANY,
        *,
        folder: str = "",
        hosts: Sequence[str] = (),
        secret: str | None = None,
    ) -> HookMade:
        """Make a hook, or change it; its ``secret`` is in the answer if it was made just now, and nowhere else.

        Parameters
        ----------
        kind
            ``generic``, ``wordpress``, ``contentful`` or ``sanity``: who sends.
        job
            What is done with its pictures.
        folder
            Of the inbox, below the recipe's name.
        hosts
            Where pictures may lie (``*.example.com``); anywhere public if empty.
        secret
            Where the content system has made it itself.
        """
        asked = {"kind": str(HookKind(kind)), "job": job.stated, "folder": folder, "hosts": [*hosts]}
        body = json.dumps(asked | ({"secret": secret} if secret else {})).encode()
        return HookMade.model_validate(self._http.put(f"/hooks/{name}", body, "application/json"))

    def rotate(self, name: str) -> HookMade:
        """Give a hook a new secret; the older one is good for 24 hours more."""
        return HookMade.model_validate(self._http.post(f"/hooks/{name}/rotate", {}))

    def remove(self, name: str) -> HookShown:
        """Take a hook away, and its secret."""
        return HookShown.model_validate(self._http.delete(f"/hooks/{name}"))

    def address(self, hook: HookShown) -> str:
        """Where the content system is to send its events."""
        return self._http.base_url.removesuffix(MACHINES) + hook.path
