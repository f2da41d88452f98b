"""`flask --app wsgi webhooks`: deliver what webhooks wait for."""

from threading import Event

import click
from flask.cli import with_appcontext

from app.commands.frame import application, plainly, require_migrated
from app.exchange.webhooks.delivering import Terms, deliver_due
from app.exchange.webhooks.working import deliver_until


@click.group("webhooks")
def webhooks() -> None:
    """Webhooks of the projects."""


@webhooks.command("deliver")
@click.option("--once", is_flag=True, help="Deliver what is due now, then end.")
@with_appcontext
def deliver(once: bool) -> None:
    """Send changes to webhooks until stopped.

    The server does the same by itself; run this beside it where WEBHOOK_DELIVERY is 0, or where
    the server is not the one that `make run` starts. Several may run: each batch is sent by one.
    """
    app = application()
    terms = Terms.of(app.config)
    with plainly():
        require_migrated()
        if once:
            made = 0
            while attempts := deliver_due(app.database, terms):
                made += attempts
            click.echo(f"{made} attempts made.")
            return
        click.echo("Delivering; Ctrl-C stops it.", err=True)
        deliver_until(Event(), app.database, terms)
