"""One measurement in a process of its own: what ran before would count as memory, and running out of it may end it."""

import json
import statistics
import subprocess
import sys
import time
import warnings
from typing import Any

from inference.nets.device import device, device_name
from inference.nets.spandrel_file import import_spandrel
from infra.bench.nets.architectures import ARCHITECTURES
from infra.bench.quality.memory import PeakMemory

_RUNS = 5
_LONG = 10.0
_LONGEST_SECONDS = 1800


def measure(name: str, side: int, dtype: str) -> dict[str, Any]:
    """Time one net at one size, in this process.

    Returns
    -------
    dict
        ``seconds`` (median of five runs after one that does not count; on a CPU the first, if that took ten),
        ``megabytes`` on top of the weights at the peak, ``weights_megabytes``, ``device``.
    """
    import torch

    import_spandrel()
    place, kind = device(), getattr(torch, dtype)
    net = _built(ARCHITECTURES[name].build, place, kind)
    inputs = ARCHITECTURES[name].inputs(side, lambda *shape: torch.rand(shape, device=place, dtype=kind))
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of coming changes in torch, for the architectures' authors
        seconds, megabytes = _timed(lambda: net(**inputs), place)
    return {
        "seconds": seconds,
        "megabytes": megabytes,
        "weights_megabytes": sum(each.nbytes for each in net.state_dict().values()) / 1e6,
        "device": device_name(place),
    }


def in_own_process(name: str, side: int, dtype: str) -> dict[str, Any]:
    """Measure in a process of its own; ``error`` says why there is no figure."""
    command = [sys.executable, "-m", "infra.bench.nets.measure", name, str(side), dtype]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)  # noqa: S603  ourselves
    except subprocess.TimeoutExpired:
        return {"error": f"over {_LONGEST_SECONDS} s"}
    if done.returncode:
        return {"error": done.stderr.strip().rpartition("\n")[2] or f"ended by signal {-done.returncode}"}
    answer: dict[str, Any] = json.loads(done.stdout.strip().rpartition("\n")[2])
    return answer


def _built(build: Any, place: str, kind: Any) -> Any:
    """Build on the device and in the format at once: ten gigabytes of random numbers need not pass through."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(kind)
    try:
        with torch.device(place):
            return build().eval().to(place, kind)
    finally:
        torch.set_default_dtype(before)


def _timed(work: Any, place: str) -> tuple[float, float]:
    import torch

    def run() -> float:
        began = time.perf_counter()
        work()
        if place != "cpu":
            torch.cuda.synchronize()
        return time.perf_counter() - began

    if place != "cpu":
        torch.cuda.reset_peak_memory_stats()
        held = torch.cuda.memory_allocated()
        run()
        megabytes = (torch.cuda.max_memory_allocated() - held) / 1e6
        return statistics.median(run() for _ in range(_RUNS)), megabytes
    with PeakMemory() as memory:
        first = run()
    return first if first > _LONG else statistics.median(run() for _ in range(_RUNS)), memory.megabytes


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
