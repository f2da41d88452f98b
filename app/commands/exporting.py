"""`flask --app wsgi export`: the same as over HTTP, with a bar and with pipes."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from app.articles.models import Article
from app.commands.frame import EVER, application, pairs, patiently, plainly, require_migrated
from app.commands.progress import Watched, bar
from app.commands.stopping import stoppable
from app.exchange.export import downloads
from app.exchange.export.selection import Selection
from app.exchange.formats import FORMATS
from app.exchange.schemas import WRITERS, ExportQuery
from app.kernel.db import reading
from app.kernel.snapshots import open_snapshot
from app.projects.acting import stand_above
from app.web.bodies import load

Json = dict[str, Any]


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
        query = load(ExportQuery, {**pairs(where), "format": name})
        with reading(application().database):
            actor = stand_above(project)
    chosen = FORMATS[query.pop("format")]
    options: Json = {name: query.pop(name) for name in ("guard", "ents") if name in query}
    selection = Selection.asked(actor, query)
    root = base_url or application().config["PUBLIC_URL"] or "http://127.0.0.1:8000"
    with ExitStack() as held:
        held.enter_context(stoppable(lambda: "Nothing was written under the file's name."))
        database = held.enter_context(patiently())
        connection = held.enter_context(open_snapshot(database, EVER))
        plain = downloads.dataset_on(connection, selection, root.rstrip("/"))
        total = select(func.count()).select_from(Article.__table__).where(*selection.articles())
        length = connection.execute(total).scalar_one()
        out = held.enter_context(_written(output))
        move, count = held.enter_context(bar(f"{name}: articles", length, "annotations"))
        watched = Watched.over(plain, move, count)
        for chunk in downloads.begin_with(watched, chosen, options, held=ExitStack()).chunks:
            out.write(chunk)


@contextmanager
def _written(output: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that takes its place only when it is whole."""
    if output == "-":
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise  # whoever reads has enough, which click knows
        except OSError as error:
            raise _unwritten("standard output", error) from None
        return
    path = Path(output).resolve()  # a link stays one, and its file is replaced
    try:
        if path.exists() and not path.is_file():  # a pipe or a device is not ours to replace
            with path.open("wb") as file:
                yield file
            return
        with _placed(path) as file:
            yield file
    except OSError as error:
        raise _unwritten(output, error) from None


@contextmanager
def _placed(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _unwritten(output: str, error: OSError) -> click.ClickException:
    return click.ClickException(f"{output}: {error.strerror}.")
