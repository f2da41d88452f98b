"""`flask --app wsgi import`: the same as over HTTP, with a bar, with pipes, and resumable."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from app.commands.frame import EVER, application, pairs, patiently, plainly, require_migrated
from app.commands.progress import Advance, Counted, bar
from app.commands.stopping import stoppable
from app.exchange.formats import FORMATS
from app.exchange.formats.peeking import Peeked
from app.exchange.imports import service
from app.exchange.imports.entries import Entry
from app.exchange.imports.planning import tell_the_planner
from app.exchange.imports.reading import entries
from app.exchange.imports.receiving import receive
from app.exchange.imports.reporting import Report
from app.exchange.imports.service import Asked
from app.exchange.imports.stepping import bring_in_by_steps
from app.exchange.schemas import READERS, ImportQuery
from app.kernel.actor import Actor
from app.kernel.db import Database, reading
from app.kernel.errors import Invalid
from app.kernel.offsets import Unit
from app.projects.acting import act_as
from app.web.bodies import load

Json = dict[str, Any]
_SHOWN = 20
_GZIP = b"\x1f\x8b"


@click.command("import")
@click.argument("project")
@click.argument("file")
@click.option("--format", "name", type=click.Choice(READERS), default="ndjson", show_default=True)
@click.option("--as", "email", required=True, help="The e-mail of the member who imports.")
@click.option(
    "--on-error",
    type=click.Choice(("abort", "skip")),
    default="abort",
    show_default=True,
    help="Whether one fault keeps everything out, or only what has it.",
)
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option(
    "-w", "--where", multiple=True, metavar="NAME=VALUE", help="A parameter as over HTTP."
)
@with_appcontext
def bring_in(
    project: str,
    file: str,
    name: str,
    email: str,
    on_error: str,
    dry_run: bool,
    where: tuple[str, ...],
) -> None:
    """Import FILE (- for standard input; gzip is recognised) into PROJECT (a slug).

    With --on-error=abort all of it comes in or nothing. With --on-error=skip what is right
    comes in step by step and stays; what is there already is left as it is, so an import that
    was broken off goes on where it stopped when it is done again. Exit code 1 where anything
    is wrong.
    """
    enter = partial(_enter, email, project)
    with plainly():
        require_migrated()
        query = load(ImportQuery, {**pairs(where), "format": name, "on_error": on_error})
        actor = enter()  # who may not import shall not wait for it
    unit = Unit(query.pop("unit"))
    longest = application().config["MAX_TEXT_CODEPOINTS"]
    asked = Asked(on_error == "abort", dry_run, unit, longest, EVER)
    report = Report()
    with (
        stoppable(lambda: _standing(report)),
        _read(file) as (stream, size),
        patiently() as database,
        bar(f"{name}: bytes", size, "things") as (move, count),
    ):
        counted = Counted(stream, move).stream()
        found = entries(actor, FORMATS[name], counted, unit, _options(query))
        for step in _steps(database, enter, found, asked, count):
            _tell_going_on(report, step)
            report.add(step)
        if not dry_run:
            tell_the_planner(database, report.created)
    _sum_up(report, dry_run=dry_run)


def _enter(email: str, project: str) -> Actor:
    with reading(application().database):
        return act_as(email, project)


def _options(query: Json) -> Json:
    """What the format is told, with the bounds on what it reads at once."""
    longest = application().config["MAX_IMPORT_LINE_BYTES"]
    told = {name: query[name] for name in query.keys() - {"format", "on_error", "dry_run"}}
    return {**told, "line_bytes": longest, "item_bytes": longest}


def _steps(
    database: Database,
    enter: Callable[[], Actor],
    found: Iterable[Entry],
    asked: Asked,
    count: Advance,
) -> Iterator[Report]:
    """What is brought in together, all at once or step by step."""
    if asked.abort or asked.dry_run:
        yield _told(lambda: service.bring_in(database, enter(), found, asked, count))
        return
    yield from bring_in_by_steps(database, enter, found, asked, count)


def _tell_going_on(before: Report, step: Report) -> None:
    """Say how far an earlier import came, where this one gets past it."""
    if before.unchanged and step.made and not before.made:
        click.echo(f"\nThe first {before.unchanged} things are here already; going on.", err=True)


def _standing(report: Report) -> str:
    """What an import that was stopped leaves."""
    here = report.made + report.unchanged
    if not here:
        return "Nothing was imported."
    return f"At least {here} things are here; the same command goes on behind them."


def _told(work: Callable[[], Report]) -> Report:
    """The work's report; what makes it abort is told error by error."""
    try:
        return work()
    except Invalid as refusal:
        click.echo(err=True)  # the bar stands on this line
        _tell(refusal.errors)
        raise click.ClickException(refusal.detail) from None


@contextmanager
def _read(file: str) -> Iterator[tuple[BinaryIO, int]]:
    """The file or standard input, unpacked, and its size."""
    with ExitStack() as held:
        try:
            raw: BinaryIO = sys.stdin.buffer
            if file != "-":
                raw = held.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise click.ClickException(f"{file}: {error.strerror}.") from None
        peeked = Peeked(raw)
        encoding = "gzip" if peeked.head(2) == _GZIP else ""
        if file == "-" or encoding or not raw.seekable():
            config = application().config
            most, folder = config["MAX_IMPORT_BYTES"], config["DATA_DIR"]
            with plainly():
                raw = held.enter_context(
                    receive(peeked.whole(), encoding, most=most, folder=folder)
                )
        else:
            raw = peeked.whole()
        size = raw.seek(0, os.SEEK_END)
        raw.seek(0)
        yield raw, size


def _tell(errors: list[Json]) -> None:
    for error in errors[:_SHOWN]:
        where = [str(error[name]) for name in ("name", "line", "pointer") if error.get(name)]
        click.echo(f"{':'.join(where)}: {error['detail']}", err=True)
    if len(errors) > _SHOWN:
        click.echo(f"… and {len(errors) - _SHOWN} more.", err=True)


def _sum_up(report: Report, *, dry_run: bool) -> None:
    done = report.document(dry_run=dry_run)
    made = ", ".join(f"{count} {noun}" for noun, count in done["created"].items())
    verb = "would be made" if dry_run else "made"
    click.echo(f"{made} {verb}; {report.unchanged} unchanged; {report.failed} failed.")
    if report.from_words:
        told = "{with_value} with a value, {vague} vague".format(**done["figures_from_words"])
        click.echo(f"Figures read from their own words: {told}.")
    if report.failed:
        _tell(done["errors"])
        raise click.ClickException(f"{report.failed} things are wrong and were left out.")
