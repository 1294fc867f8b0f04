"""``cleanplate webhooks``: whoever is told of outcomes, and what could not be told."""

from typing import TYPE_CHECKING, Annotated

import typer

from infra.cli.options import Profile, Region, Stack

if TYPE_CHECKING:
    from schemas.http.webhooks import DeliveryShown

app = typer.Typer(no_args_is_help=True, help="Tell other systems of outcomes: signed, and again until they take it.")

Webhook = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id: w-...")]
Delivery = Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id: d-...")]
Event = Annotated[
    list[str] | None, typer.Option("--event", help="Outcome to tell, such as delivered; may be given several times.")
]
Recipe = Annotated[
    list[str] | None, typer.Option("--recipe", help="Only of this recipe, or `name@version`; several times.")
]
State = Annotated[str, typer.Option(help="failed, pending or delivered.")]


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="https address that takes the events.")],
    event: Event = None,
    recipe: Recipe = None,
    stack: Stack = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Register an address. Its secret is printed once: give it to the receiver."""
    from infra.cli.target import connect

    made = connect(stack, region, profile).webhooks.add(url, events=event, recipes=recipe)
    typer.echo(f"webhook  {made.webhook_id}")
    typer.echo(f"secret   {made.secret}")


@app.command("list")
def list_webhooks(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List the webhooks, without their secrets."""
    from infra.cli.console import say
    from infra.cli.tables import print_table
    from infra.cli.target import connect
    from schemas.webhook import EVENTS

    rows = [
        (
            webhook.webhook_id,
            webhook.url,
            "all" if len(webhook.events) == len(EVENTS) else " ".join(webhook.events),
            " ".join(webhook.recipes or ["all"]),
            webhook.disabled_because or "yes",
        )
        for webhook in connect(stack, region, profile).webhooks.list()
    ]
    print_table(("webhook", "address", "events", "recipes", "works"), rows)
    if not rows:
        say("None yet: `cleanplate webhooks add https://...`.")


@app.command()
def remove(webhook: Webhook, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Forget a webhook and its secret. What was still to be sent to it fails."""
    from infra.cli.target import connect

    removed = connect(stack, region, profile).webhooks.remove(webhook)
    typer.echo(f"Removed {removed.webhook_id}.")


@app.command()
def rotate(webhook: Webhook, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Make a new secret and print it; the older one signs beside it for 24 hours.

    `callbacks` in the place of an id stands for the secret that callbacks of jobs are signed with.
    """
    from infra.cli.target import connect

    hooks = connect(stack, region, profile).webhooks
    made = hooks.rotate_callback_secret() if webhook == "callbacks" else hooks.rotate(webhook)
    typer.echo(f"secret   {made.secret}")


@app.command()
def enable(webhook: Webhook, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Send again to one that was disabled because its address was gone."""
    from infra.cli.target import connect

    typer.echo(f"Enabled {connect(stack, region, profile).webhooks.enable(webhook).webhook_id}.")


@app.command()
def secret(stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Show the secret that callbacks of jobs are signed with."""
    from infra.cli.target import connect

    typer.echo(f"secret   {connect(stack, region, profile).webhooks.callback_secret().secret}")


@app.command("test")
def try_out(webhook: Webhook, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Send an event that says nothing but that it works, and tell how it went."""
    from infra.cli.target import connect

    hooks = connect(stack, region, profile).webhooks
    sent = hooks.wait(hooks.test(webhook).delivery_id)
    typer.echo(f"{sent.delivery_id}  {_words(sent)}")
    if sent.state != "delivered":
        raise typer.Exit(1)


@app.command()
def deliveries(state: State = "failed", stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """List what could not be told, what is still to be told, or what was."""
    from infra.cli.tables import print_table
    from infra.cli.target import connect
    from schemas.webhook import DeliveryState

    if state not in list(DeliveryState):
        raise typer.BadParameter(f"is one of {', '.join(DeliveryState)}.", param_hint="--state")
    found = connect(stack, region, profile).webhooks.deliveries(state)
    rows = [
        (
            each.delivery_id,
            each.webhook_id or each.to or "",
            each.event_type.removeprefix("cleanplate."),
            each.subject,
            f"{each.updated_at:%Y-%m-%d %H:%M}",
            _words(each),
        )
        for each in found
    ]
    print_table(("delivery", "to", "event", "about", "last tried", "how it went"), rows)


@app.command()
def resend(delivery: Delivery, stack: Stack = None, region: Region = None, profile: Profile = None) -> None:
    """Send once more what was given up, or delivered before."""
    from infra.cli.target import connect

    hooks = connect(stack, region, profile).webhooks
    hooks.resend(delivery)
    typer.echo(_words(hooks.wait(delivery)))


def _words(delivery: "DeliveryShown") -> str:
    tries = f"{delivery.attempts} tries" if delivery.attempts != 1 else "1 try"
    return f"{delivery.state}, {tries}" + (f": {delivery.reason}" if delivery.reason else "")
