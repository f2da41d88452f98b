"""`flask --app wsgi prepare`: everything between an empty folder and a server that can start."""

import os
import socket

import click
from flask.cli import with_appcontext

from app.commands import administrator, steps
from app.commands.frame import application, patiently, working

PAGES = (("Reading room", "/"), ("API and docs", "/docs"), ("Health", "/readyz"))


@click.command("prepare")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the server will be.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="On which port."
)
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Load the demo project into an empty server; as DEMO says where neither is given.",
)
@click.pass_context
@with_appcontext
def prepare(context: click.Context, host: str, port: int, demo: bool | None) -> None:
    """Migrate, make the administrator, load the demo once, and tell where to look.

    What is there already stays as it is, so the command may run before every start.
    """
    _require_free(host, port)
    with patiently() as database:
        steps.upgrade(database.writer, "head", click.echo)
    with working() as session:
        admin = administrator.ensure(application().config["DATA_DIR"], os.environ)
        empty = session.connection().exec_driver_sql("SELECT 1 FROM projects LIMIT 1").first()
    seed = application().cli.commands.get("seed")
    wanted = application().config["DEMO"] if demo is None else demo
    if wanted and not empty and seed is not None:
        context.invoke(seed)
    click.echo(_box(host, port, admin))


def _require_free(host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise click.ClickException(
            f"HOST {host!r} and PORT {port} are no address: {error}."
        ) from None
    with socket.socket(found[0], socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(found[4])
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host} port {port}: {error.strerror}. "
                "Stop what listens there, or choose another: PORT=8001 make run."
            ) from None


def _box(host: str, port: int, admin: administrator.Found) -> str:
    shown = f"[{host}]" if ":" in host else host
    rules = {rule.rule for rule in application().url_map.iter_rules()}
    lines = [(label, f"http://{shown}:{port}{path}") for label, path in PAGES if path in rules]
    lines += [("Sign in as", admin.email), ("Password", admin.password_hint)]
    rows = [f"  {label:<14}{text}" for label, text in lines]
    rule = "-" * max(len(row) + 2 for row in rows)
    return "\n".join((rule, "  Factmark is starting; Ctrl-C stops it.", "", *rows, rule))
