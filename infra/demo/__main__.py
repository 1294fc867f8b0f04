"""``python -m infra.demo``: repair a few photographs on a stack of its own, and show what became of them."""

import argparse
import sys
import time
from pathlib import Path

from infra.demo.run import run
from infra.demo.show import print_outcomes
from infra.demo.signed import summary
from schemas.errors import CleanplateError


def main() -> int:
    """Run the demo; 0 if every picture was delivered or waits for a person, as some are meant to."""
    parser = argparse.ArgumentParser(prog="python -m infra.demo", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/demo"), help="where everything is written")
    folder: Path = parser.parse_args().folder
    began = time.monotonic()
    try:
        records = run(folder)
    except CleanplateError as error:
        print(f"demo: {error.message}", file=sys.stderr)
        return 1
    print_outcomes(records)
    print(summary(folder))
    print(f"{folder / 'report.html'}   all of it, before and after; took {time.monotonic() - began:.0f} s")
    return 0 if all(record["outcome"] in ("DELIVERED", "AWAITING_REVIEW") for record in records) else 1


if __name__ == "__main__":
    sys.exit(main())
