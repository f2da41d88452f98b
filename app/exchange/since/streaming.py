"""The lines of what changed, in flat memory: what stands, what is gone, where to go on from."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from itertools import chain

from sqlalchemy import Connection

from app.exchange.export.dataset import ProjectDataset
from app.exchange.export.downloads import dataset_on
from app.exchange.export.driving import is_lite, lite
from app.exchange.feed.positions import cursor_at
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped, on_one_line
from app.exchange.native.engines import Postgres, Sqlite
from app.exchange.native.notation import Engine
from app.exchange.native.streaming import link_chunks
from app.exchange.since import statements
from app.exchange.since.selection import Changed
from app.exchange.since.statements import KINDS, Statement
from app.kernel.db import Database
from app.kernel.downloads import Download
from app.kernel.snapshots import open_snapshot

_ROWS = 1000


def begin(database: Database, changed: Changed, *, seconds: int, held: ExitStack) -> Download:
    """Open the snapshot and make the first chunk. `held` is emptied into the download."""
    with held as stack:
        connection = open_snapshot(database, seconds)
        stack.callback(connection.close)
        chunks = _chunks(connection, changed)
        stack.callback(chunks.close)
        first = next(chunks)
        return Download(chain([first], chunks), stack.pop_all())


def _chunks(connection: Connection, changed: Changed) -> Generator[bytes, None, None]:
    dataset = dataset_on(connection, changed, "")
    engine = _engine(connection)
    yield from chunked(_project(connection, changed, dataset))
    yield from chunked(dataset.source_lines())
    yield from _made(connection, statements.article_lines(changed, engine))
    yield from _made(connection, statements.revision_lines(changed, engine))
    yield from _made(connection, statements.annotation_lines(changed, engine))
    yield from link_chunks(connection, changed)
    for kind in KINDS:
        yield from chunked(_gone(connection, changed, kind))
    place = cursor_at(changed.actor.project.id, changed.end)
    yield dumped({"type": "cursor", "next": place}) + b"\n"


def _project(connection: Connection, changed: Changed, dataset: ProjectDataset) -> Iterator[bytes]:
    if connection.execute(changed.ids_of("project").limit(1)).first():
        yield dumped(dataset.project_line()) + b"\n"


def _made(connection: Connection, statement: Statement) -> Iterator[bytes]:
    lines = (f"{line}\n".encode() for line in _streamed(connection, statement))
    return map(on_one_line, chunked(lines))


def _gone(connection: Connection, changed: Changed, kind: str) -> Iterator[bytes]:
    for id_ in _streamed(connection, statements.gone(changed, kind)):
        yield dumped({"type": kind, "id": id_, "deleted": True}) + b"\n"


def _streamed(connection: Connection, statement: Statement) -> Iterator[str]:
    asked = statement.execution_options(yield_per=_ROWS)
    with closing(connection.execute(asked)) as found:
        yield from found.scalars()


def _engine(connection: Connection) -> Engine:
    """How this database spells lines."""
    if not is_lite(connection):
        return Postgres()
    lite(connection)  # lends what the lines ask for
    return Sqlite()
