"""``python -m infra.bench``: print the promised figures as measured on this machine; exit 1 if one is missed.

``python -m infra.bench doors [--uploads N]`` measures the flood of uploads alone, which takes minutes;
``python -m infra.bench provenance`` what it costs to write down where a picture comes from;
``python -m infra.bench delivery`` what a photograph of 12 megapixels takes to render.
"""

import argparse
import sys

from infra.bench.chain import chain_figures
from infra.bench.delivery import delivery_figures
from infra.bench.doors import UPLOADS, door_figures
from infra.bench.figures import show
from infra.bench.imports import import_figures
from infra.bench.large import large_figures
from infra.bench.provenance import provenance_figures
from infra.bench.reviews import review_figures


def main(arguments: list[str] | None = None) -> int:
    """Measure everything but the flood, or the flood."""
    parser = argparse.ArgumentParser(prog="python -m infra.bench", description="Measure the promised figures.")
    parser.add_argument("what", nargs="?", choices=["delivery", "doors", "provenance"], help="only these figures")
    parser.add_argument("--uploads", type=int, default=UPLOADS, help="pictures of the flood")
    options = parser.parse_args(arguments)
    if options.what == "doors":
        figures = [*door_figures(options.uploads)]
    elif options.what == "provenance":
        figures = [*provenance_figures()]
    elif options.what == "delivery":
        figures = [*delivery_figures()]
    else:
        figures = [*chain_figures(), *import_figures(), *large_figures(), *review_figures()]
    show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
