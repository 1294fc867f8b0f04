"""``python -m infra.local.emulator``: run the emulator in the foreground, configured by the environment."""

import os

from infra.local.emulator import patches


def main() -> None:
    """Patch ministack, then serve it on ``GATEWAY_PORT`` until SIGTERM."""
    patches.apply()
    from infra.local.emulator import server  # imports ministack's application, which must be patched first

    server.run(port=int(os.environ["GATEWAY_PORT"]))


if __name__ == "__main__":
    main()
