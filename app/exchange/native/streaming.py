"""Native lines as the database gives them, in chunks, with nothing in between.

SQLAlchemy builds the statements; the driver runs them, since a row object a line would cost
more than the line. On PostgreSQL that is COPY, on SQLite a bare cursor.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from app.exchange.export.selection import Selection
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import on_one_line
from app.exchange.native import statements
from app.exchange.native.engines import Postgres, Sqlite
from app.exchange.native.statements import Statement

Values = dict[str, Any]

# JSON holds no control character as it is, so that no field is ever quoted: what COPY writes
# are the lines themselves. Its plain text form would double every backslash.
_COPY = "COPY ({}) TO STDOUT WITH (FORMAT csv, DELIMITER e'\\x02', QUOTE e'\\x01')"


def document_chunks(connection: Connection, selection: Selection) -> Iterator[bytes]:
    """Articles, each followed by its earlier texts and its annotations."""
    if _is_lite(connection):
        yield from _lines(_documents(connection, selection))
    else:
        yield from _copied(connection, statements.document_lines(selection, Postgres()))


def link_chunks(connection: Connection, selection: Selection) -> Iterator[bytes]:
    """Links of which both ends go out."""
    if not _is_lite(connection):
        yield from _copied(connection, statements.link_lines(selection, Postgres()))
        return
    sql, values = _compiled(connection, statements.link_lines(selection, Sqlite()))
    with closing(_driver(connection).execute(sql, values)) as rows:
        yield from _lines(f"{row[0]}\n".encode() for row in rows)


def _copied(connection: Connection, statement: Statement) -> Iterator[bytes]:
    sql, values = _compiled(connection, statement)
    cursor = connection.connection.cursor()
    with closing(cursor), cursor.copy(_COPY.format(sql), values) as rows:
        yield from _lines(rows)


def _documents(connection: Connection, selection: Selection) -> Iterator[bytes]:
    driver = _driver(connection)
    driver.create_function("shortest", 1, repr, deterministic=True)
    ids = _compiled(connection, statements.article_ids(selection))
    article = _compiled(connection, statements.article_line(Sqlite()))
    inside = _compiled(connection, statements.annotation_lines(selection, Sqlite()))
    steps = [article, inside]
    if selection.earlier:
        steps.insert(1, _compiled(connection, statements.revision_lines(Sqlite())))
    with closing(driver.execute(*ids)) as found:
        for id_, _key in found:
            for sql, values in steps:
                rows = driver.execute(sql, {**values, "article": id_})
                if text := "\n".join(row[0] for row in rows):
                    yield f"{text}\n".encode()


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return map(on_one_line, chunked(pieces))


def _is_lite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _compiled(connection: Connection, statement: Statement) -> tuple[str, Values]:
    """A statement for the driver: its SQL, and its parameters by name as the driver takes them."""
    dialect = connection.dialect
    made = statement.compile(
        # The SQLite driver takes names too, and only names can be filled in later.
        dialect=SQLiteDialect_pysqlite(paramstyle="named") if _is_lite(connection) else dialect,
        compile_kwargs={"render_postcompile": True},
    )
    values = dict(made.construct_params())
    for bind, name in made.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None and name in values:
            values[name] = process(values[name])
    return str(made), values
