"""``cleanplate withdraw`` and ``cleanplate erase``: take back what was delivered, or everything."""

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


def erase(
    asset: Asset,
    reason: Annotated[str, typer.Option(help="request, consent, rights, mistake or other.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Erase a picture for good: every version in every bucket, and all that is known of it. There is no way back."""
    from typing import get_args

    from infra.cli.asked import checked_word
    from infra.cli.console import printable
    from infra.cli.runs import asset_of
    from infra.cli.target import connect
    from schemas.erasure import ErasureQuestion, ErasureReason
    from schemas.errors import PermanentFailure

    checked_word(reason, get_args(ErasureReason), "--reason")
    why = ErasureQuestion.model_validate({"reason": reason}).reason
    client = connect(stack, region, profile)
    asset_id = asset_of(client, asset)
    found = client.asset(asset_id)
    if found is None:
        raise PermanentFailure(f"There is no asset `{asset_id}`.", code="unknown_asset")
    typer.echo(printable(f"{asset_id}  {found.status.value}  {found.source.key}"), err=True)
    if not yes:
        typer.confirm("Erase it, and every other upload to this key, for good?", abort=True, err=True)
    client.removals.erase(asset_id, why)
    gone = client.removals.erased(asset_id)
    typer.echo(f"{asset_id}  ERASED  {gone.objects} versions of objects, {gone.records} records")
