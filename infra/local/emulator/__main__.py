"""``python -m infra.local.emulator``: run the emulator in the foreground.

Configured by the environment, which ``infra.local.environment`` makes: at least ``GATEWAY_PORT``,
``STATE_DIR``, ``CLEANPLATE_ENDPOINTS`` for where the deployed SageMaker endpoints are written down, and
``CLEANPLATE_RUNTIME_URL`` for what invocations of them are passed on to.
"""

import os
from pathlib import Path

from infra.local.emulator import patches


def main() -> None:
    """Patch ministack, then serve it on ``GATEWAY_PORT`` until SIGTERM."""
    missing = {"GATEWAY_PORT", "STATE_DIR", "CLEANPLATE_ENDPOINTS", "CLEANPLATE_RUNTIME_URL"} - os.environ.keys()
    if missing:
        raise SystemExit(f"Set {' and '.join(sorted(missing))}, or start the whole stack with `cleanplate up`.")
    patches.apply()
    from infra.local.emulator import server  # imports ministack's application, which must be patched first

    server.run(port=int(os.environ["GATEWAY_PORT"]), saved=Path(os.environ["STATE_DIR"], "saved"))


if __name__ == "__main__":
    main()
