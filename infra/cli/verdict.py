"""``cleanplate verdict``: say of a result whether it is good, so that the confidence can be held against it."""

from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.verdict import Opinion


def verdict(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    asset: Annotated[str, typer.Argument(help="Asset id, or key in the inbox.")],
    judged: Annotated[str, typer.Argument(metavar="approve|reject", help="Your verdict on its current run.")],
    reason: Annotated[
        str | None, typer.Option(help="What is wrong, in one word; a rejection without one lists them.")
    ] = None,
    comment: Annotated[str | None, typer.Option(help="Anything else, at most 500 characters.")] = None,
    touched_up: Annotated[
        bool, typer.Option("--touched-up", help="Approved, but only after somebody changed it by hand.")
    ] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Keep your verdict on a result that a person was asked about. It is a label; it delivers and repeats nothing."""
    from infra.cli.target import connect
    from schemas.errors import PermanentFailure

    opinion = _opinion(judged, reason, comment, touched_up)
    client = connect(stack, region, profile)
    asset_id = asset if asset.startswith("a-") else client.asset_at(asset)
    found = client.asset(asset_id)
    if found is None:
        raise PermanentFailure(f"There is no asset `{asset_id}`.", code="unknown_asset")
    kept = client.verdicts.give(asset_id, found.run_id, opinion)
    confidence = "no confidence" if kept.confidence is None else f"confidence {kept.confidence:.2f}"
    typer.echo(f"Kept: {opinion.verdict} by {kept.who}; {kept.model or 'no model'} had {confidence}.")


def _opinion(judged: str, reason: str | None, comment: str | None, touched_up: bool) -> "Opinion":
    from schemas.verdict import Judged, Opinion, Reason

    words = ", ".join(get_args(Reason))
    if judged not in get_args(Judged):
        raise typer.BadParameter("it is approve or reject.", param_hint="verdict")
    if reason is not None and reason not in get_args(Reason):
        raise typer.BadParameter(f"it is one of {words}.", param_hint="--reason")
    if judged == "reject" and reason is None:
        raise typer.BadParameter(f"a rejection needs one of {words}.", param_hint="--reason")
    try:
        return Opinion(
            verdict=cast("Judged", judged),
            unchanged=not touched_up,
            reason=cast("Reason | None", reason),
            comment=comment,
        )
    except ValueError:
        raise typer.BadParameter("it has 1 to 500 characters.", param_hint="--comment") from None
