"""What a stack consists of, and what can be chosen about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.info import StackInfo
from infra.local.program import Program

TEMPLATE = Path(__file__).parents[2] / "template.yaml"

_STANDS_BACK = 10
"""Models take all cores for seconds; whoever asks the API meanwhile comes first, as on machines of one's own."""


@dataclass(frozen=True)
class Options:
    """What can be chosen about a stack.

    Parameters
    ----------
    template
        The SAM template to deploy.
    parameters
        Its parameters, over those that a local stack needs.
    models
        Folder with model weights; None leaves the choice to ``CLEANPLATE_MODELS`` and its default.
    warm
        Models to load before the stack counts as ready.
    container
        Module of the serving program; takes ``--port`` and ``--warm``.
    """

    template: Path = TEMPLATE
    parameters: dict[str, str] = field(default_factory=dict)
    models: Path | None = None
    warm: Sequence[str] = ()
    container: str = "inference.server"


def programs(info: StackInfo, options: Options) -> tuple[Program, ...]:
    """Return what a stack consists of."""
    emulator, container, runtime = info.ports.emulator, info.ports.container, info.ports.runtime
    warm = ("--warm", ",".join(options.warm)) if options.warm else ()
    return (
        Program("emulator", "infra.local.emulator", (), (emulator, "/_ministack/health"), info.state_dir),
        Program(
            "container",
            options.container,
            ("--port", str(container), *warm),
            (container, "/ping"),
            info.state_dir,
            _STANDS_BACK,
        ),
        Program(
            "runtime",
            "infra.local.sagemaker",
            ("--port", str(runtime), "--container", info.container_url, "--account", info.account),
            (runtime, "/ping"),
            info.state_dir,
            _STANDS_BACK,
        ),
    )
