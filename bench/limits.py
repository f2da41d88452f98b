"""The bare drivers' share of the base line: the rows of a create, and those of a reader page.

The same tables with the same indexes, foreign keys and triggers as the product writes and
reads; no HTTP, no checks, no JSON made of what comes back.
"""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from app.kernel.ids import new_id
from bench.bare import Step

Close = Callable[[], object]
Row = dict[str, Any]
DRAWN = ("seq", "tx")
"""What the database itself fills in of a change."""

_PAGE = (
    "SELECT a.*, r.text, r.sha256, r.codepoints, r.utf16, r.bytes FROM articles a JOIN revisions r"
    " ON r.article_id = a.id AND r.number = a.revision WHERE a.id = {}",
    "SELECT * FROM annotations WHERE article_id = {} ORDER BY start_offset, -end_offset, id",
    "SELECT l.*, f.article_id, f.kind, f.exact, t.article_id, t.kind, t.exact FROM links l"
    " JOIN annotations f ON f.id = l.from_id JOIN annotations t ON t.id = l.to_id"
    " WHERE l.from_id IN (SELECT id FROM annotations WHERE article_id = {0})"
    " OR l.to_id IN (SELECT id FROM annotations WHERE article_id = {0}) ORDER BY l.id",
)
_DURABLE = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON")


def examples(engine: str, bare: str, articles: Sequence[str]) -> list[tuple[Row, Row]]:
    """A stored annotation and its change for each article, as both tables hold them."""
    read = _read_sqlite(bare) if engine == "sqlite" else _read_postgres(bare)
    mark = "?" if engine == "sqlite" else "%s"
    (annotation,) = read(
        f"SELECT * FROM annotations WHERE kind = 'figure' AND article_id = {mark} LIMIT 1",
        articles[0],
    )
    (change,) = read(f"SELECT * FROM changes WHERE thing_id = {mark}", annotation["id"])
    kept = {name: value for name, value in change.items() if name not in DRAWN}
    return [
        ({**annotation, "article_id": article}, {**kept, "article_id": article})
        for article in articles
    ]


def create_on_sqlite(file: str, rows: list[tuple[Row, Row]]) -> tuple[Step, Close]:
    """Both rows in one transaction, flushed to disk."""
    connection = _open_sqlite(file)
    inserts = [_insert(name, row, "?") for name, row in _tables(rows)]
    coming = cycle(rows)

    def step() -> None:
        parameters = _fresh(*next(coming))
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in zip(inserts, parameters, strict=True):
            connection.execute(statement, values)
        connection.execute("COMMIT")

    return step, connection.close


def create_on_postgresql(url: str, rows: list[tuple[Row, Row]]) -> tuple[Step, Close]:
    """Both rows in one transaction, flushed to disk."""
    connection = _open_postgres(url, autocommit=False)
    inserts = [_insert(name, row, "%s").encode() for name, row in _tables(rows)]
    coming = cycle(rows)

    def step() -> None:
        for statement, values in zip(inserts, _fresh(*next(coming)), strict=True):
            connection.execute(statement, values)
        connection.commit()

    return step, connection.close


def fetch_on_sqlite(file: str, article: str) -> tuple[Step, Close]:
    """The rows of a reader page."""
    connection = _open_sqlite(file)
    statements = [statement.format("?1") for statement in _PAGE]

    def step() -> None:
        for statement in statements:
            connection.execute(statement, (article,)).fetchall()

    return step, connection.close


def fetch_on_postgresql(url: str, article: str) -> tuple[Step, Close]:
    """The rows of a reader page; JSON stays the text it comes as."""
    connection = _open_postgres(url, autocommit=True)
    statements = [statement.format("%(article)s").encode() for statement in _PAGE]
    given = {"article": article}

    def step() -> None:
        for statement in statements:
            connection.execute(statement, given).fetchall()

    return step, connection.close


def _tables(rows: list[tuple[Row, Row]]) -> list[tuple[str, Row]]:
    return list(zip(("annotations", "changes"), rows[0], strict=True))


def _insert(table: str, row: Row, mark: str) -> str:
    marks = ", ".join([mark] * len(row))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"


def _fresh(annotation: Row, change: Row) -> tuple[list[Any], list[Any]]:
    fresh = new_id()
    return list({**annotation, "id": fresh}.values()), list({**change, "thing_id": fresh}.values())


def _open_sqlite(file: str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
    for pragma in _DURABLE:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _open_postgres(url: str, *, autocommit: bool) -> psycopg.Connection[Any]:
    connection: psycopg.Connection[Any] = psycopg.connect(url, autocommit=autocommit)
    for name in ("json", "uuid"):
        connection.adapters.register_loader(name, TextLoader)
    return connection


def _read_sqlite(file: str) -> Callable[[str, str], list[Row]]:
    connection = _open_sqlite(file)
    connection.row_factory = sqlite3.Row
    return lambda statement, key: [dict(row) for row in connection.execute(statement, (key,))]


def _read_postgres(url: str) -> Callable[[str, str], list[Row]]:
    connection = _open_postgres(url, autocommit=True)
    cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
    return lambda statement, key: cursor.execute(statement.encode(), (key,)).fetchall()
