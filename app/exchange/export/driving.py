"""Statements run by the driver itself, where an object a row would cost more than the row.

SQLAlchemy builds them; their parameters stay parameters.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

Statement = Select[*tuple[Any, ...]]
Values = dict[str, Any]
Row = memoryview | bytes
Piece = tuple[bytes | None, int]
"""Some whole lines, and how many."""

# Its plain text form would double every backslash.
_LINES = "COPY ({}) TO STDOUT WITH (FORMAT csv, DELIMITER e'\\x02', QUOTE e'\\x01')"
_PIECES = "COPY ({}) TO STDOUT WITH (FORMAT binary)"


def is_lite(connection: Connection) -> bool:
    """Whether this is SQLite."""
    return connection.dialect.name == "sqlite"


def copied(connection: Connection, statement: Statement) -> Iterator[Row]:
    """On PostgreSQL: the rows of a statement as lines, one by one."""
    with _copy(connection, statement, _LINES) as rows:
        yield from rows


def copied_pieces(connection: Connection, statement: Statement) -> Iterator[Piece]:
    """On PostgreSQL: the rows of a statement that asks for pieces."""
    with _copy(connection, statement, _PIECES) as rows:
        rows.set_types(("bytea", "int8"))  # text as the bytes that come, unread
        yield from rows.rows()


def lite(connection: Connection) -> Any:
    """On SQLite: the driver's connection, lent the function `shortest`.

    SQLite itself writes 15 digits of a float and no more.
    """
    driver: Any = connection.connection.dbapi_connection
    driver.create_function("shortest", 1, repr, deterministic=True)
    return driver


@contextmanager
def _copy(connection: Connection, statement: Statement, form: str) -> Iterator[Any]:
    sql, values = compiled(connection, statement)
    cursor = connection.connection.cursor()
    with closing(cursor), cursor.copy(form.format(sql), values) as rows:
        yield rows


def compiled(connection: Connection, statement: Statement) -> tuple[str, Values]:
    """A statement for the driver: its SQL, and its parameters by name as the driver takes them."""
    dialect = connection.dialect
    made = statement.compile(
        # The SQLite driver takes names too, and only names can be filled in later.
        dialect=SQLiteDialect_pysqlite(paramstyle="named") if is_lite(connection) else dialect,
        compile_kwargs={"render_postcompile": True},
    )
    values = dict(made.construct_params())
    for bind, name in made.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None and name in values:
            values[name] = process(values[name])
    return str(made), values
