"""Do a few pictures first, show what came of them, and ask before the rest is done."""

import sys
from collections.abc import Sequence

from infra.cli.console import printable, say
from infra.cli.tally import dollars
from infra.report.record import Record


def told(records: Sequence[Record], rest: int) -> list[str]:
    """Say in lines what came of the first pictures, and what the ``rest`` would cost."""
    return [*(line for record in records for line in _shown(record)), _estimate(records, rest)]


def agreed(rest: int) -> bool:
    """Ask, all on stderr: stdout is for results. Where nobody can answer, the answer is no."""
    print(f"Go on with the other {rest}? [y/N] ", end="", file=sys.stderr, flush=True)
    try:
        return input().strip().lower() in {"y", "yes"}
    except (EOFError, KeyboardInterrupt):
        say("")
        return False


def _shown(record: Record) -> list[str]:
    delivered = [str(file["uri"]) for file in record["delivered"] if file["uri"]]
    facts = {
        "result": record["output"],
        "delivered": ", ".join(delivered),
        "confidence": None if record["confidence"] is None else f"{record['confidence']:.2f}",
        "cost": None if record["cost"] is None else dollars(record["cost"]),
        "because": record["reason"],
        "look": f"cleanplate status {record['asset_id']}" if record["asset_id"] else None,
    }
    lines = [f"{record['file']}: {record['outcome'].replace('_', ' ').lower()}"]
    lines += [f"  {name:<10} {value}" for name, value in facts.items() if value]
    return [printable(line) for line in lines]


def _estimate(records: Sequence[Record], rest: int) -> str:
    known = [record["cost"] for record in records if record["cost"] is not None]
    if not known:
        return f"What the other {rest} cost is not known: no model's work on this one has a price."
    estimate = f"The other {rest} at this price: about {dollars(sum(known) / len(known) * rest)}."
    seconds = [record["seconds"] for record in records if record["seconds"] is not None]
    return f"{estimate} One took {max(seconds):.1f} s." if seconds else estimate
