"""The stack as a whole: bring it up, take it down, find it again."""

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from inference.card_files import own_cards_folder
from inference.weights import models_folder
from infra.local import credentials, environment, home, ports
from infra.local.deploy import artifacts_bucket, deploy
from infra.local.info import Ports, StackInfo
from infra.local.programs import Options, programs
from infra.local.saving import save_now
from infra.local.session import StackSession
from infra.models.revision import revision
from schemas.cost import LOCAL
from schemas.errors import PermanentFailure

__all__ = ["Options", "StackInfo", "attach", "down", "programs", "status", "temporary", "up"]

ACCOUNT = "000000000000"
REGION = "us-east-1"
STACK_NAME = "cleanplate"

_READY_SECONDS = 60.0
_STOP_SECONDS = 8.0


def up(state_dir: Path | None = None, options: Options | None = None, *, lifeline: int | None = None) -> StackInfo:
    """Bring the stack up and deploy the template; where it runs already, only deploy what has changed.

    Parameters
    ----------
    state_dir
        Folder that holds all of its state; the default one is in ``$CLEANPLATE_HOME``.
    lifeline
        Reading end of a pipe: the processes end when its other end closes. Without it they run until ``down``.

    Raises
    ------
    PermanentFailure
        If a process does not start, or the template cannot be deployed; the stack is taken down again.
    """
    folder = (state_dir or home.default_state_dir()).absolute()
    options = options or Options()
    with _exclusively(folder):
        info = StackInfo.load(folder)
        if info is None or not all(program.pid() for program in programs(info, options)):
            info = _started(folder, info, options, lifeline)
            _mend(info)
        else:
            info = _deployed(info, options)
    if lifeline is None:
        home.make_current(folder)
    return info


def down(state_dir: Path | None = None) -> bool:
    """Stop whatever of the stack runs, saving its state; return whether anything did."""
    folder = (state_dir or home.current_state_dir()).absolute()
    if not folder.exists():
        return False
    with _exclusively(folder):
        info = StackInfo.load(folder)
        ran = info is not None and _stop(info)
    home.forget_current(folder)
    return ran


def attach(state_dir: Path | None = None) -> StackInfo:
    """Return the running stack.

    Raises
    ------
    PermanentFailure
        If it does not run, or not all of it.
    """
    folder = (state_dir or home.current_state_dir()).absolute()
    info = StackInfo.load(folder)
    missing = [name for name, pid in status(folder).items() if pid is None]
    if info is None or len(missing) == len(programs(info, Options())):
        raise PermanentFailure("No stack is running. Start one with `cleanplate up`.", code="no_stack")
    if missing:
        message = f"The stack runs only in part ({', '.join(missing)} ended). Start it again with `cleanplate up`."
        raise PermanentFailure(message, code="stack_broken")
    return info


def status(state_dir: Path) -> dict[str, int | None]:
    """Return the process id of each program, None where it does not run. Empty: there never was a stack here."""
    info = StackInfo.load(state_dir.absolute())
    return {program.name: program.pid() for program in programs(info, Options())} if info else {}


@contextlib.contextmanager
def temporary(options: Options | None = None) -> Iterator[StackInfo]:
    """Run a stack that leaves nothing behind: no process, no file, however the caller ends.

    It is not made the current one.
    """
    with tempfile.TemporaryDirectory(prefix="cleanplate-", ignore_cleanup_errors=True) as folder:
        reading, writing = os.pipe()  # the writing end closes with this process, and with it end the programs
        try:
            yield up(Path(folder), options, lifeline=reading)
        finally:
            down(Path(folder))
            os.close(writing)
            os.close(reading)


def _started(folder: Path, before: StackInfo | None, options: Options, lifeline: int | None) -> StackInfo:
    if before:
        _stop(before)  # what is left of it: ports may change, and then all must know
    shutil.rmtree(folder / "tmp", ignore_errors=True)  # functions as they were unpacked, one folder for each version
    (folder / "tmp").mkdir()
    info = StackInfo(
        state_dir=folder,
        stack_name=STACK_NAME,
        account=ACCOUNT,
        region=REGION,
        ports=_choose_ports(before.ports if before else None),
    )
    info.save()
    env = environment.for_programs(info, options.models)
    deadline = time.monotonic() + _READY_SECONDS
    emulator, *others = programs(info, options)
    try:
        for program in (emulator, *others):
            program.start(env, lifeline)
        emulator.wait_until_ready(deadline)
        info = _deployed(info, options)  # while the models load
        save_now(emulator)
        for program in others:
            program.wait_until_ready(deadline)
    except BaseException:
        _stop(info)
        raise
    return info


def _choose_ports(before: Ports | None) -> Ports:
    names = list(Ports.model_fields)
    chosen: dict[str, int] = {}
    while len(set(chosen.values())) < len(names):  # one port may be offered twice: it is free until it is used
        chosen = {name: ports.choose(getattr(before, name, None)) for name in names}
    return Ports(**chosen)


def _deployed(info: StackInfo, options: Options) -> StackInfo:
    session = StackSession(info)
    # No artifact lies under this key: it stands for the serving program as it is on this machine, so that a changed
    # model never finds an old model's result.
    models = {"ModelBucket": artifacts_bucket(session), "ModelKey": f"local/{_revision(options)}"}
    signing = {"SigningSecret": credentials.ensure(session, info.state_dir)}
    parameters = {**models, **signing, "InstanceType": LOCAL, "SignIn": "developer", **options.parameters}
    outputs = deploy(session, options.template, stack=info.stack_name, parameters=parameters)
    info = info.model_copy(update={"outputs": outputs})
    info.save()
    return info


def _revision(options: Options) -> str:
    return revision(own_cards=own_cards_folder(options.models or models_folder()))


def _mend(info: StackInfo) -> None:
    """Start again what a stop of the stack cut off. The answer is not waited for."""
    function = info.outputs.get("ReconcileFunction")
    if function:
        client = StackSession(info).client("lambda")
        client.invoke(FunctionName=function, InvocationType="Event", Payload=b'{"sweep": true}')


def _stop(info: StackInfo) -> bool:
    running = [program for program in programs(info, Options()) if program.pid()]
    for program in running:
        program.ask_to_stop()
    deadline = time.monotonic() + _STOP_SECONDS
    for program in running:
        program.ensure_stopped(deadline)
    return bool(running)


@contextlib.contextmanager
def _exclusively(folder: Path) -> Iterator[None]:
    """One ``up`` or ``down`` at a time: a second one waits, and then finds what the first one made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # other people's pictures
    with (folder / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
