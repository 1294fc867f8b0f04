"""``models pull`` and ``models add``."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.console import say

if TYPE_CHECKING:
    from infra.models.families import Facts
    from infra.models.store import Store
    from schemas.model_card import ModelCard

_SOURCE = "File, folder, https:// or s3:// address, or hf://OWNER/REPO@REVISION[/PATH]."


def pull(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME...", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="The weights of every model that says where from.")] = False,
) -> None:
    """Fetch weights, checked by their SHA-256; what is there already stays. Licences are shown and written down."""
    if bool(names) == every:
        raise typer.BadParameter("name models, or give --all.")
    from infra.cli.bars import Bars
    from infra.cli.models.words import licence_line
    from infra.models.pull import pull as fetch

    with Bars() as bars:
        paths = fetch(names or [], bars.show, on_licence=lambda card: bars.tell(licence_line(card)))
    typer.echo(f"{len(paths)} weight files present.")


def add(  # noqa: PLR0913, PLR0917  the parameters of a command are its options
    source: Annotated[str, typer.Argument(metavar="SOURCE", help=_SOURCE)],
    sha256: Annotated[str | None, typer.Option(metavar="HEX", help="As its publisher names it.")] = None,
    model: Annotated[str | None, typer.Option(metavar="NAME", help="The model that needs it.")] = None,
    file: Annotated[str | None, typer.Option(metavar="NAME", help="Which of the files that it needs this is.")] = None,
    variant: Annotated[str | None, typer.Option(help="Of a repository's files, take these: fp16.")] = None,
    adapter: Annotated[str | None, typer.Option(metavar="FAMILY", help="For a model of your own.")] = None,
    name: Annotated[str | None, typer.Option(help="What to call a model of your own.")] = None,
    scale: Annotated[int | None, typer.Option(min=2, max=4, help="By how much it enlarges.")] = None,
    licence: Annotated[
        str | None, typer.Option(metavar="SPDX", help="Its licence; for NAME, must be the card's.")
    ] = None,
    commercial: Annotated[bool | None, typer.Option("--commercial/--non-commercial", show_default=False)] = None,
    generative: Annotated[bool | None, typer.Option("--generative/--faithful", show_default=False)] = None,
) -> None:
    """Add weights that you have, or know the address of, to a model that ships without, or as a model of your own.

    Only safetensors, ONNX, ncnn and tflite, with the settings beside them, and judged by what is in the file: no pickle
    gets in, whatever it is called.
    """
    from infra.cli.bars import Bars
    from infra.cli.models.words import licence_line
    from infra.models.add import add as bring
    from infra.models.choose import choose
    from infra.models.families import Facts
    from infra.models.offers import offers
    from infra.models.store import Store

    store = Store()
    if (model is None) == (adapter is None):
        raise typer.BadParameter("give --model NAME, or --adapter FAMILY with --name for a model of your own.")
    if model:
        if name or scale or generative is not None:
            raise typer.BadParameter("--name, --scale and --generative are for a model of your own, with --adapter.")
        card = _known(store, model, licence, commercial)
    else:
        if not name or not licence or commercial is None:
            raise typer.BadParameter(
                "a model of your own needs --name, --licence, and --commercial or --non-commercial."
            )
        card = _new(store, str(adapter), Facts(name, licence, commercial, scale, generative))
    found = offers(source, sha256)
    _heed(card, found.licence)
    chosen = choose(card, found, file=file, variant=variant)
    say(licence_line(card) + (f" Its publisher calls it {found.licence}." if found.licence else ""))
    with Bars() as bars:
        result = bring(store, card, chosen, bars.show)
    for weights in result.weights:
        if weights.file in chosen:
            typer.echo(f"{weights.file}  {weights.size_bytes:,} bytes  sha256 {weights.sha256}")
    typer.echo(f"`{result.name}` " + (f"still needs {', '.join(result.unmet)}." if result.unmet else "is ready."))
    say("A running stack reads its cards when it starts: `cleanplate down`, then `up`.")


def _known(store: "Store", model: str, licence: str | None, commercial: bool | None) -> "ModelCard":
    from schemas.errors import PermanentFailure

    card = store.registry().card(model)
    if licence not in (None, card.licence) or commercial not in (None, card.commercial_use):
        message = (
            f"The card of `{model}` says {card.licence}. For files under another licence make a model of your own: "
            "--adapter FAMILY --name NAME --licence SPDX."
        )
        raise PermanentFailure(message, code="licence")
    if not card.needs:
        raise PermanentFailure(f"`{model}` needs no files of yours.", code="file_name")
    return card


def _heed(card: "ModelCard", published: str | None) -> None:
    from infra.models.licences import forbids_business
    from schemas.errors import PermanentFailure

    if published and card.commercial_use and forbids_business(published):
        message = (
            f"Its publisher puts it under {published}, and `{card.name}` counts as fit for commercial use. "
            "Make a model of your own: --adapter FAMILY --name NAME --licence SPDX --non-commercial."
        )
        raise PermanentFailure(message, code="licence")


def _new(store: "Store", family: str, facts: "Facts") -> "ModelCard":
    from infra.models.families import make_card
    from schemas.errors import PermanentFailure

    cards = store.registry().cards()
    if facts.name in {card.name for card in cards} | store.registry().broken().keys():
        raise PermanentFailure(f"There is a model `{facts.name}` already: add to it with --model.", code="name_taken")
    return make_card(family, facts, cards)
