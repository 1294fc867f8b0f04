"""Entry of a Lambda worker process: AWS's runtime client with the deployed code first on ``sys.path``.

Started by path (``python .../worker``), so that this folder, with its ``runtime_client``, is on ``sys.path`` and no
package of this project has to be.
"""

import os
import sys


def main() -> None:
    """Serve invocations of ``_HANDLER`` until the emulator closes the Runtime API."""
    os.nice(int(os.environ.pop("CLEANPLATE_NICENESS", "0")))
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    # A project installed for development lends its packages to everything in this interpreter. A function that needs
    # one which its zip lacks would run here and fail on AWS.
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _is_editable(finder)]
    from awslambdaric.__main__ import main as serve

    serve([sys.argv[0], os.environ["_HANDLER"]])


def _is_editable(finder: object) -> bool:
    return str(getattr(finder, "__module__", "")).startswith("__editable__")


main()
