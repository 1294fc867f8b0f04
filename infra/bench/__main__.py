"""``python -m infra.bench``: print the promised figures as measured on this machine; exit 1 if one is missed."""

import sys

from infra.bench.chain import chain_figures
from infra.bench.figures import show
from infra.bench.imports import import_figures
from infra.bench.large import large_figures
from infra.bench.reviews import review_figures


def main() -> int:
    """Measure everything."""
    figures = [*chain_figures(), *import_figures(), *large_figures(), *review_figures()]
    show(figures)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
