"""What the bare drivers do with the rows of one import or export: the limit beside the product."""

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from app.exchange.imports.tables import COLUMNS
from app.kernel.ids import new_ids
from bench.databases import Place

Row = tuple[Any, ...]
TABLES = ("articles", "revisions", "annotations", "changes")
THINGS = ("articles", "annotations")
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")
_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Rows:
    """The rows that an import made, bound for another project."""

    of: dict[str, list[Row]]


def rows_for(place: Place, made: str, other: str) -> Rows:
    """All rows of project `made` that an import writes, under new ids and in `other`."""
    ask = _asker(place)
    found = {table: ask(_all_of(place, table, made)) for table in TABLES}
    swap: dict[Any, Any] = {made: other}
    for table in THINGS:
        fresh = new_ids(len(found[table]))
        swap |= {row[0]: id_ for row, id_ in zip(found[table], fresh, strict=True)}
    return Rows(
        {
            table: [tuple(swap.get(value, value) for value in row) for row in rows]
            for table, rows in found.items()
        }
    )


def _all_of(place: Place, table: str, project: str) -> str:
    """The rows of a table in the order of their making, of which a change says itself."""
    here = f"project_id = '{project}'"
    if table == "revisions":
        here = f"article_id IN (SELECT id FROM articles WHERE {here})"
    things = " AND thing IN ('article', 'annotation')" if table == "changes" else ""
    return f"SELECT {_told(place, table)} FROM {table} WHERE {here}{things}"


def _told(place: Place, table: str) -> str:
    columns = COLUMNS[table]
    return ", ".join(f"{c}::text" if place.engine == "postgresql" else c for c in columns)


def _asker(place: Place) -> Callable[[str], list[Row]]:
    def ask(sql: str) -> list[Row]:
        if place.engine == "sqlite":
            with sqlite3.connect(place.bare) as lite:
                return lite.execute(sql).fetchall()
        with psycopg.connect(place.bare) as opened:
            rows = opened.execute(sql.encode()).fetchall()
        return [tuple(str(v) if isinstance(v, UUID) else v for v in row) for row in rows]

    return ask


def put(place: Place, rows: Rows) -> float:
    """Seconds to write the rows: COPY on PostgreSQL, executemany on SQLite; one transaction.

    What psql's `\\copy` does: the text is made before, and sent in blocks.
    """
    if place.engine == "sqlite":
        return _put_on_sqlite(place, rows)
    texts = {table: _copy_text(rows.of[table]) for table in TABLES}
    with psycopg.connect(place.bare) as opened:
        began = time.perf_counter()
        for table, text in texts.items():
            sql = f"COPY {table} ({', '.join(COLUMNS[table])}) FROM STDIN"
            with opened.cursor() as cursor, cursor.copy(sql.encode()) as copy:
                for at in range(0, len(text), _BLOCK):
                    copy.write(text[at : at + _BLOCK])
        opened.commit()
        return time.perf_counter() - began


def _put_on_sqlite(place: Place, rows: Rows) -> float:
    opened = sqlite3.connect(place.bare, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            opened.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        opened.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            columns = COLUMNS[table]
            gaps = ", ".join("?" * len(columns))
            opened.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({gaps})", rows.of[table]
            )
        opened.execute("COMMIT")
        return time.perf_counter() - began
    finally:
        opened.close()


def _copy_text(rows: Sequence[Row]) -> bytes:
    escapes = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
    lines = ("\t".join(_cell(v, escapes) for v in row) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


def _cell(value: Any, escapes: dict[int, str]) -> str:
    return "\\N" if value is None else str(value).translate(escapes)


def scan(place: Place, project: str) -> float:
    """Seconds to read the rows of an export: COPY (SELECT row_to_json …), or a bare cursor."""
    columns = ", ".join(COLUMNS["annotations"])
    rows = f"SELECT {columns} FROM annotations WHERE project_id = '{project}'"
    began = time.perf_counter()
    if place.engine == "sqlite":
        opened = sqlite3.connect(place.bare)
        _drain(opened.execute(rows))
        opened.close()
    else:
        with psycopg.connect(place.bare) as made, made.cursor() as cursor:
            sql = f"COPY (SELECT row_to_json(t) FROM ({rows}) t) TO STDOUT"
            with cursor.copy(sql.encode()) as copy:
                _drain(copy)
    return time.perf_counter() - began


def _drain(things: Iterable[Any]) -> None:
    for _ in itertools.islice(things, None):
        pass
