"""``models list`` and ``models show``."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli.console import printable, say

if TYPE_CHECKING:
    from infra.models.store import Store
    from schemas.model_card import ModelCard

_COLUMNS = ("stage", "model", "version", "licence", "commercial use", "weights", "size", "command")
AsJson = Annotated[bool, typer.Option("--json", help="As JSON on stdout.")]


def list_models(as_json: AsJson = False) -> None:
    """List the models with their licences, sizes, and what brings the weights that are missing."""
    from infra.cli.models.words import size
    from infra.cli.tables import print_table
    from infra.models.store import Store

    store = Store()
    registry = store.registry()
    rows = [_facts(card, store) for card in sorted(registry.cards(), key=lambda card: (card.stage.value, card.name))]
    if as_json:
        typer.echo(json.dumps({"models": rows, "broken": registry.broken()}, indent=2))
    else:
        # On a screen the commands would break each row in three; they are said once below instead.
        columns = _COLUMNS[: -1 if sys.stdout.isatty() else None]
        print_table(columns, [_cells(row, size(row["size_bytes"]))[: len(columns)] for row in rows])
        if sys.stdout.isatty():
            say("missing: `cleanplate models pull NAME`; to be added: `cleanplate models add SOURCE --model NAME`")
    for problem in registry.broken().values():
        say(f"cleanplate: {printable(problem)}")


def show(name: Annotated[str, typer.Argument(metavar="NAME")], as_json: AsJson = False) -> None:
    """Show a model's card: what it does and does badly, its licence, its files and where they come from."""
    from infra.cli.models.words import size, use
    from infra.models.licences import accepted
    from infra.models.store import Store

    store = Store()
    card = store.registry().card(name)
    facts = _facts(card, store)
    acceptances = accepted(store, name)
    if as_json:
        documents = [each.model_dump(mode="json") for each in acceptances]
        typer.echo(json.dumps({**card.model_dump(mode="json"), **facts, "accepted": documents}, indent=2))
        return
    lines = {
        "model": f"{card.name} {card.version}, for `{card.stage}`",
        "": card.summary,
        "limits": card.limits,
        "licence": f"{card.licence}, {use(card)}",
        "accepted": ", ".join(f"{each.date:%Y-%m-%d} ({each.licence})" for each in acceptances),
        "generative": "yes: may invent what was never photographed" if card.generative else "no",
        "scale": str(card.scale or ""),
        "adapter": card.adapter,
        "defaults": ", ".join(f"{key}: {value}" for key, value in card.defaults.items()),
        "weights": f"{facts['weights']} {size(facts['size_bytes'])} {facts['command']}",
        "to be added": ", ".join(card.unmet),
    }
    for key, text in lines.items():
        if text.strip():
            typer.echo(f"{key:12}{printable(' '.join(text.split()))}")
    for each in card.weights:
        typer.echo(printable(f"{each.file}, {each.size_bytes:,} bytes, {each.licence}"))
        typer.echo(printable(f"  sha256 {each.sha256}"))
        typer.echo(printable(f"  from   {each.source}"))
        typer.echo(printable(f"  here   {store.path(each) if store.has(each) else 'no'}"))


def _facts(card: "ModelCard", store: "Store") -> dict[str, Any]:
    from infra.models.standing import standing

    stands = standing(card, store)
    return {
        "stage": card.stage.value,
        "name": card.name,
        "version": card.version,
        "licence": card.licence,
        "commercial_use": card.commercial_use,
        "generative": card.generative,
        "weights": stands.state,
        "size_bytes": stands.size_bytes,
        "command": stands.command,
        "ships": (store.shipped / f"{card.name}.yaml").is_file(),
    }


def _cells(row: dict[str, Any], size: str) -> tuple[str, ...]:
    commercial = "yes" if row["commercial_use"] else "no"
    return (
        *(row[key] for key in ("stage", "name", "version", "licence")),
        commercial,
        row["weights"],
        size,
        row["command"],
    )
