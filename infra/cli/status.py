"""``cleanplate status``: how the assets stand, or one of them in detail."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from infra.client import AssetView, Client, StageView
    from schemas.cost import Cost

_SHOWN = 5
"""Latest assets shown of each status."""
_MOST_COUNTED = 1000

Asset = Annotated[str | None, typer.Argument(help="Asset id, or key in the inbox; without it an overview.")]


def status(
    asset: Asset = None,
    follow: Annotated[bool, typer.Option("--follow", help="Wait for the outcome, showing each step.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Show how the assets stand: all in short, or one with its stages, reason and links."""
    from infra.cli.target import connect

    client = connect(stack, region, profile)
    if asset is None:
        _overview(client)
        return
    asset_id = asset if asset.startswith("a-") else client.asset_at(asset)
    _detail(client, asset_id, follow)


def _overview(client: "Client") -> None:
    from infra.cli.tables import print_table
    from schemas.asset import Status

    counts, latest = [], []
    for standing in Status:
        page = client.assets(standing)
        latest += [_row(found) for found in page.assets[:_SHOWN]]
        count = len(page.assets)
        while page.cursor and count < _MOST_COUNTED:
            page = client.assets(standing, page.cursor)
            count += len(page.assets)
        counts.append((standing.value, f"{count}{'+' if page.cursor else ''}"))
    print_table(("status", "assets"), counts)
    typer.echo()
    print_table(("asset", "status", "confidence", "updated", "key"), latest)


def _row(asset: "AssetView") -> tuple[str, ...]:
    confidence = f"{asset.confidence:.2f}" if asset.confidence is not None else ""
    standing = asset.stage.value if asset.stage and not asset.is_over else asset.status.value
    return asset.asset_id, standing, confidence, f"{asset.updated_at:%Y-%m-%d %H:%M:%S}", asset.source.key


def _detail(client: "Client", asset_id: str, follow: bool) -> None:
    from infra.cli.console import printable
    from infra.cli.progress import step_of
    from infra.cli.tables import print_table
    from schemas.errors import PermanentFailure

    found = client.asset(asset_id)
    if found is None:
        raise PermanentFailure(f"There is no asset `{asset_id}`.", code="unknown_asset")
    if follow and not found.is_over:
        found = client.wait([asset_id], lambda view: typer.echo(step_of(view)), timeout=24 * 3600)[asset_id]
    standing = found.status.value if found.is_over else f"{found.status.value}, {step_of(found)}"
    typer.echo(printable(f"{found.asset_id}  {standing}  {found.recipe}  {found.source.key}"))
    if found.outcome:
        typer.echo(printable(found.outcome.reason))
        if found.outcome.cost:
            typer.echo(_cost(found.outcome.cost))
    typer.echo()
    rows = [
        (stage.stage.value, f"{stage.seconds:.2f}", stage.model.name if stage.model else "", _note(stage))
        for stage in found.stages
    ]
    print_table(("stage", "seconds", "model", "note"), rows)
    typer.echo("\nLinks, good for five minutes:")
    for name, link in found.links.items():
        typer.echo(f"  {name:<20} {printable(link)}")


def _note(stage: "StageView") -> str:
    """A decision's reason, else what was found: ``mark acme, logo, 3 of text``."""
    found = Counter(detection.label for detection in stage.detections)
    return stage.note or ", ".join(label if count == 1 else f"{count} of {label}" for label, count in found.items())


def _cost(cost: "Cost") -> str:
    dollars = "price unknown" if cost.dollars is None else f"${cost.dollars:.4f}"
    return f"{cost.seconds:.1f} s in models on {cost.instance}, {dollars} by prices of {cost.prices_dated}"
