"""``python -m infra.bench.nets``: time nets at their real size with random weights; print a markdown table.

On a CPU only the small ones run, in float32.
"""

import argparse
import sys
from collections.abc import Iterator

from inference.nets.device import device, device_name
from infra.bench.nets.architectures import ARCHITECTURES
from infra.bench.nets.measure import in_own_process

_HEAD = ("net", "input", "dtype", "seconds", "weights MB", "work MB", "kB per pixel", "what")


def main(arguments: list[str] | None = None) -> int:
    """Measure one after the other; exit 1 if a measurement failed."""
    parser = _parser()
    names = parser.parse_args(arguments).names or [*ARCHITECTURES]
    if unknown := set(names) - ARCHITECTURES.keys():
        parser.error(f"there is no net {', '.join(sorted(unknown))}")
    place = device()
    print(f"Device: {device_name(place)}. Random weights; median of five runs after a first one.", flush=True)
    if place == "cpu":
        left_out = [name for name in names if not ARCHITECTURES[name].cpu_sides]
        print(f"There is no GPU: small inputs, float32. Left out: {', '.join(left_out) or 'none'}.", flush=True)
    print(f"\n| {' | '.join(_HEAD)} |\n|{'---|' * len(_HEAD)}", flush=True)
    failed = 0
    for name, side, dtype in _wanted(names, place):
        found = in_own_process(name, side, dtype)
        failed += "error" in found
        print(_line(name, side, dtype, found), flush=True)
    return int(failed > 0)


def _wanted(names: list[str], place: str) -> Iterator[tuple[str, int, str]]:
    for name in names:
        net = ARCHITECTURES[name]
        sides, dtypes = (net.cpu_sides, ("float32",)) if place == "cpu" else (net.sides, net.dtypes)
        yield from ((name, side, dtype) for side in sides for dtype in dtypes)


def _line(name: str, side: int, dtype: str, found: dict[str, float | str]) -> str:
    if "error" in found:
        cells = [str(found["error"]), "", "", ""]
    else:
        per_pixel = float(found["megabytes"]) * 1000 / side**2
        cells = [f"{found['seconds']:.3f}", f"{found['weights_megabytes']:.0f}", f"{found['megabytes']:.0f}"]
        cells.append(f"{per_pixel:.1f}")
    return f"| {' | '.join([name, f'{side} x {side}', dtype, *cells, ARCHITECTURES[name].work])} |"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.bench.nets", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ARCHITECTURES))
    return parser


if __name__ == "__main__":
    sys.exit(main())
