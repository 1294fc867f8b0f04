"""``cleanplate costs``: what runs took."""

from datetime import datetime
from typing import Annotated

import typer

from infra.cli.options import Profile, Region, Stack


def costs(
    by: Annotated[str, typer.Option(help="What is added up: `day`, `recipe` or `model`.")] = "day",
    first: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, UTC.")] = None,
    last: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, UTC.")] = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Add up what runs cost, of the last 30 days if none are given. `cleanplate cost` says what one picture will."""
    from typing import cast, get_args

    from infra.cli.asked import checked_word
    from infra.cli.tables import print_table
    from infra.cli.target import connect
    from schemas.tally import By

    checked_word(by, get_args(By), "--by")
    days = [moment.date() if moment else None for moment in (first, last)]
    found = connect(stack, region, profile).costs.between(*days, by=cast("By", by))
    rows = [
        (each.name, str(each.runs), f"{each.seconds:.1f}", f"{each.dollars:.4f}", str(each.unpriced or ""))
        for each in (*found.sums, found.total)
    ]
    print_table((by, "runs", "seconds", found.currency, "without a price"), rows)
