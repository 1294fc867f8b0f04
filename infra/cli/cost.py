"""``cleanplate cost``: what pictures will cost, before anything runs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.cost import Estimate, Prices
    from schemas.recipe import Recipe

_TABLE = Path(__file__).parent.parent / "prices.yaml"
_DEFAULT_INSTANCE = "ml.g5.xlarge"


def cost(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    recipe: Annotated[str, typer.Option(help="See `cleanplate recipes`.")],
    images: Annotated[int, typer.Option(min=1, help="How many pictures.")] = 1,
    megapixels: Annotated[float, typer.Option(min=0.01, max=1000, help="Size of one of them.")] = 12.0,
    scale: Annotated[int | None, typer.Option(help="Enlarge by 2 or 4; 1 for not at all.")] = None,
    instance: Annotated[
        str, typer.Option(help="What the models run on; `local` for an embedded stack.")
    ] = _DEFAULT_INSTANCE,
    as_json: Annotated[bool, typer.Option("--json", help="Print a document.")] = False,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Say what pictures will cost and take, stage by stage, by the shipped price table.

    What nobody has measured is said to be unknown. An idle instance costs too: let the endpoint go down to none.
    """
    from infra.cli.recipes.known import deployed, known_recipe
    from schemas.cost import estimate

    prices = read_prices()
    if instance not in prices.instances:
        known = ", ".join(prices.instances)
        raise typer.BadParameter(f"the table knows {known}.", param_hint="--instance")
    chosen = _scaled(known_recipe(recipe, deployed(stack, region, profile)), scale)
    expected = estimate(chosen, megapixels, prices, instance)
    if as_json:
        typer.echo(json.dumps(_document(expected, chosen, images, instance), indent=1))
        return
    _print(expected, images, prices, instance)


def read_prices(path: Path = _TABLE) -> "Prices":
    """Read the table that is shipped."""
    import yaml

    from schemas.cost import Prices

    return Prices.model_validate(yaml.safe_load(path.read_text()))


def _scaled(found: "Recipe", scale: int | None) -> "Recipe":
    from schemas.recipe import DEFAULT_UPSCALERS

    try:
        return found if scale is None else found.with_scale(scale, DEFAULT_UPSCALERS)
    except ValueError as error:
        raise typer.BadParameter(f"{error}.", param_hint="--scale") from None


def _print(expected: "Estimate", images: int, prices: "Prices", instance: str) -> None:
    from infra.cli.tables import print_table

    rows = [(each.stage.value, each.model, _seconds(each.seconds), _dollars(each.dollars)) for each in expected.stages]
    rows.append(("the run itself", "", "", _dollars(expected.per_run)))
    print_table(("stage", "model", "seconds", "dollars"), rows)
    at_least = "at least " if expected.unknown else ""
    typer.echo(
        f"\none picture: {at_least}{expected.seconds:.1f} s, ${expected.dollars:.4f}"
        f"\n{images:,} pictures: {at_least}{expected.seconds * images / 3600:.1f} h of {instance}, "
        f"${expected.dollars * images:,.2f}"
    )
    if expected.unknown:
        typer.echo(f"unknown, because nobody measured it: {', '.join(expected.unknown)}")
    typer.echo(f"prices of {prices.dated}, {prices.region}; speeds: {prices.measured}")


def _seconds(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.5f}"


def _document(expected: "Estimate", recipe: "Recipe", images: int, instance: str) -> dict[str, object]:
    return {
        "recipe": recipe.reference,
        "instance": instance,
        "images": images,
        **expected.model_dump(mode="json"),
        "unknown": expected.unknown,
        "seconds_each": round(expected.seconds, 3),
        "dollars_each": round(expected.dollars, 6),
        "dollars": round(expected.dollars * images, 4),
    }
