"""`flask --app wsgi export` and `import`: the same as over HTTP, with a bar and with pipes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.articles.models import Article
from app.commands.frame import application, patiently, plainly, require_migrated
from app.commands.progress import Counted, Watched, bar
from app.exchange.export import downloads
from app.exchange.export.selection import Selection
from app.exchange.formats import FORMATS
from app.exchange.formats.peeking import Peeked
from app.exchange.imports import service
from app.exchange.imports.reading import entries
from app.exchange.imports.receiving import receive
from app.exchange.imports.reporting import Report
from app.exchange.imports.service import Asked
from app.exchange.schemas import READERS, WRITERS, ExportQuery, ImportQuery
from app.kernel.db import reading
from app.kernel.errors import Invalid
from app.kernel.offsets import Unit
from app.kernel.snapshots import open_snapshot
from app.projects.acting import act_as, stand_above
from app.web.bodies import load

Json = dict[str, Any]
_SHOWN = 20
_GZIP = b"\x1f\x8b"
_EVER = 7 * 86_400
"""Seconds that a statement may take here: nobody waits for an answer."""


@click.command("export")
@click.argument("project")
@click.option("--format", "name", type=click.Choice(WRITERS), default="ndjson", show_default=True)
@click.option(
    "-o", "--output", default="-", show_default=True, help="A file, or - for standard output."
)
@click.option(
    "-w",
    "--where",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of the export as over HTTP, such as state=approved or layer=adjudicated.",
)
@click.option("--base-url", default="", help="Where this server is found; it roots every IRI.")
@with_appcontext
def export(project: str, name: str, output: str, where: tuple[str, ...], base_url: str) -> None:
    """Export PROJECT (a slug or id), all of it or what --where selects.

    A file is written beside its place and moved there when it is whole; what was there before
    stays until then.
    """
    with plainly():
        require_migrated()
        query = load(ExportQuery, {**_pairs(where), "format": name})
        with reading(application().database):
            actor = stand_above(project)
    chosen = FORMATS[query.pop("format")]
    options: Json = {name: query.pop(name) for name in ("guard", "ents") if name in query}
    selection = Selection.asked(actor, query)
    root = base_url or application().config["PUBLIC_URL"] or "http://127.0.0.1:8000"
    with ExitStack() as held:
        database = held.enter_context(patiently())
        connection = held.enter_context(open_snapshot(database, _EVER))
        plain = downloads.dataset_on(connection, selection, root.rstrip("/"))
        total = select(func.count()).select_from(Article.__table__).where(*selection.articles())
        length = connection.execute(total).scalar_one()
        out = held.enter_context(_written(output))
        move, count = held.enter_context(bar(f"{name}: articles", length, "annotations"))
        watched = Watched.over(plain, move, count)
        for chunk in downloads.begin_with(watched, chosen, options, held=ExitStack()).chunks:
            out.write(chunk)


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

    What is there already is left as it is, so an import that was broken off is resumed by
    doing it again. Exit code 1 where anything is wrong; --on-error=skip keeps the rest.
    """
    with plainly():
        require_migrated()
        given = {**_pairs(where), "format": name, "on_error": on_error}
        query = load(ImportQuery, given)
        with reading(application().database):
            actor = act_as(email, project)
    config = application().config
    longest = config["MAX_IMPORT_LINE_BYTES"]
    unit = Unit(query.pop("unit"))
    options = {name: query[name] for name in query.keys() - {"format", "on_error", "dry_run"}}
    options |= {"line_bytes": longest, "item_bytes": longest}
    asked = Asked(on_error == "abort", dry_run, unit, config["MAX_TEXT_CODEPOINTS"], _EVER)
    with (
        _read(file) as (stream, size),
        patiently() as database,
        bar(f"{name}: bytes", size, "things") as (move, count),
    ):
        found = entries(FORMATS[name], Counted(stream, move).stream(), unit, options)
        report = _told(lambda: service.bring_in(database, actor, found, asked, count))
    _sum_up(report, dry_run=dry_run)


def _told(work: Callable[[], Report]) -> Report:
    """The work's report; what makes it abort is told error by error."""
    try:
        return work()
    except Invalid as refusal:
        click.echo(err=True)  # the bar stands on this line
        _tell(refusal.errors)
        raise click.ClickException(refusal.detail) from None


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for name, equals, _ in pairs:
        if not (name and equals):
            raise click.UsageError(f"Write --where as NAME=VALUE, not {name!r}.")
    return {name: value for name, _, value in pairs}


@contextmanager
def _written(output: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its place only when it is whole."""
    if output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = Path(f"{output}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


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
        if file == "-" or encoding:
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
    if report.failed:
        _tell(done["errors"])
        raise click.ClickException(f"{report.failed} things are wrong and were left out.")
