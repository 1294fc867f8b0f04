"""``cleanplate withdraw``: take back what was delivered."""

from typing import Annotated

import typer

from infra.cli.options import Profile, Region, Stack
from infra.cli.runs import Asset

Reason = Annotated[str, typer.Option(help="rights, privacy, wrong-picture, quality, outdated or other; published.")]
Comment = Annotated[str | None, typer.Option(help="For people of the deployment; never published.")]


def withdraw(
    asset: Asset,
    reason: Reason,
    comment: Comment = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Take back what was delivered of a picture: files, manifests, and what the CDN keeps of them."""
    from typing import get_args

    from infra.cli.asked import checked_word
    from infra.cli.runs import asset_of
    from infra.cli.target import connect
    from schemas.withdrawal import WithdrawalOrder, WithdrawalReason

    checked_word(reason, get_args(WithdrawalReason), "--reason")
    order = WithdrawalOrder.model_validate({"reason": reason, "comment": comment})
    client = connect(stack, region, profile)
    asset_id = asset_of(client, asset)
    client.removals.withdraw(asset_id, order.reason, order.comment)
    gone = client.removals.gone(asset_id)
    typer.echo(f"{asset_id}  {gone.status.value}  {gone.outcome.reason if gone.outcome else ''}")
