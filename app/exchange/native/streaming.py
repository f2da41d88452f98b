"""Native lines as the database gives them, in chunks, with nothing in between.

SQLAlchemy builds the statements; the driver runs them, since a row object a line would cost
more than the line. On PostgreSQL that is COPY, on SQLite a bare cursor. JSON holds no control
character as it is, so that COPY quotes no field: what it writes are the lines themselves.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing

from sqlalchemy import Connection

from app.exchange.export.driving import Row, compiled, copied, is_lite, lite
from app.exchange.export.selection import Selection
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import on_one_line
from app.exchange.native import statements
from app.exchange.native.engines import Postgres, Sqlite


def document_chunks(connection: Connection, selection: Selection) -> Iterator[bytes]:
    """Articles, each followed by its earlier texts and its annotations."""
    if is_lite(connection):
        yield from _lines(_documents(connection, selection))
    else:
        yield from _lines(copied(connection, statements.document_lines(selection, Postgres())))


def link_chunks(connection: Connection, selection: Selection) -> Iterator[bytes]:
    """Links of which both ends go out."""
    if not is_lite(connection):
        yield from _lines(copied(connection, statements.link_lines(selection, Postgres())))
        return
    sql, values = compiled(connection, statements.link_lines(selection, Sqlite()))
    with closing(lite(connection).execute(sql, values)) as rows:
        yield from _lines(f"{row[0]}\n".encode() for row in rows)


def _documents(connection: Connection, selection: Selection) -> Iterator[bytes]:
    driver = lite(connection)
    ids = compiled(connection, statements.article_ids(selection))
    article = compiled(connection, statements.article_line(Sqlite()))
    inside = compiled(connection, statements.annotation_lines(selection, Sqlite()))
    steps = [article, inside]
    if selection.earlier:
        steps.insert(1, compiled(connection, statements.revision_lines(Sqlite())))
    with closing(driver.execute(*ids)) as found:
        for id_, _key in found:
            for sql, values in steps:
                rows = driver.execute(sql, {**values, "article": id_})
                if text := "\n".join(row[0] for row in rows):
                    yield f"{text}\n".encode()


def _lines(pieces: Iterable[Row]) -> Iterator[bytes]:
    return map(on_one_line, chunked(pieces))
