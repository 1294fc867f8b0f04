"""Python functions run under AWS's own runtime client, ``awslambdaric``.

AWS
    A handler's exception reaches Step Functions under its class name, with ``stackTrace``, so that ``Retry`` and
    ``Catch`` can tell a ``TransientFailure`` from a ``BadInput``.
ministack
    Runs ``python*`` in a worker of its own that reports every exception as ``Runtime.HandlerError``. Its ``provided``
    runtimes, however, speak the true Lambda Runtime API.

So Python functions are treated as ``provided`` ones, whose bootstrap is ``awslambdaric`` in this interpreter. Calls
beyond those that ``concurrency`` lets in wait instead of starting yet another process.
"""

import os
import shlex
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from infra.local.emulator import task_clock
from infra.local.emulator.concurrency import InBackground, PerFunction
from infra.local.emulator.precedence import niceness

WORKER = Path(__file__).parent / "worker"
_BOOTSTRAP = f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(WORKER))}\n"


def apply() -> None:
    """Route Python functions to the Runtime API."""
    lambda_runtime._worker_class_for = _worker_class(lambda_runtime._worker_class_for)
    lambda_runtime.ProvidedWorker._build_handler_class = _at_once(lambda_runtime.ProvidedWorker._build_handler_class)
    lambda_svc._execute_function_warm = _executor(lambda_svc._execute_function_warm)
    lambda_svc._provided_runtime_code_dir = _with_bootstrap(lambda_svc._provided_runtime_code_dir)
    lambda_svc._provided_worker_env = _with_lambda_environment(lambda_svc._provided_worker_env)


def _is_python(config: dict[str, Any]) -> bool:
    return str(config.get("Runtime", "")).startswith("python")


def _worker_class(original: Callable[..., Any]) -> Callable[..., Any]:
    def choose(config: dict[str, Any]) -> Any:
        return lambda_runtime.ProvidedWorker if _is_python(config) else original(config)

    return choose


def _at_once(original: Callable[..., Any]) -> Callable[..., Any]:
    """Let the Runtime API send small answers at once: our workers keep their connection, on which they would wait."""

    def handler_class(*arguments: Any) -> Any:
        made = original(*arguments)
        made.disable_nagle_algorithm = True
        return made

    return handler_class


def _executor(original: Callable[..., Any]) -> Callable[..., Any]:
    limit, background = PerFunction(), InBackground()

    def execute(function: dict[str, Any], event: Any, request_id: str) -> Any:
        config = function.get("config") or function
        if _is_python(config):
            name = config["FunctionName"]
            with limit.place(name), background.place() if niceness(name) else nullcontext():
                task_clock.begin()
                return lambda_svc._execute_function_provided_warm(function, event, request_id)
        return original(function, event, request_id)

    return execute


def _with_bootstrap(original: Callable[[bytes], str]) -> Callable[[bytes], str]:
    def code_dir(code_zip: bytes) -> str:
        folder = original(code_zip)
        bootstrap = Path(folder, "bootstrap")
        if not bootstrap.exists():
            # Renamed into place: two functions may share the folder, and a half-written script cannot be executed.
            draft = bootstrap.with_suffix(f".{os.getpid()}.{id(code_zip)}")
            draft.write_text(_BOOTSTRAP)
            draft.chmod(0o755)
            draft.replace(bootstrap)
        return folder

    return code_dir


def _with_lambda_environment(original: Callable[..., dict[str, str]]) -> Callable[..., dict[str, str]]:
    def environment(config: dict[str, Any], code_dir: str, port: int) -> dict[str, str]:
        env = original(config, code_dir, port)
        if _is_python(config):
            env.pop("PYTHONPATH", None)  # what the deployed zip lacks must not be found elsewhere
            env |= {
                "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
                "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
                "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{config.get('FunctionName', '')}",
                "TZ": ":UTC",
                "CLEANPLATE_NICENESS": str(niceness(config.get("FunctionName", ""))),
            }
        return env

    return environment
