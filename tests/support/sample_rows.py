"""One row for every table of whatever migration a database stands at.

Rows are made from what the database itself says of its tables: types, what may not be null,
and what refers to what. `WORDS` adds what only constraints know; a new table whose rows are
refused needs a line there.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from app.kernel.clock import rfc3339
from app.kernel.ids import new_id

Row = dict[str, Any]
MADE_BY_HAND = ("alembic_version", "article_words")
_COUNTER = count(1)
_WHEN = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _annotation(_made: dict[str, list[Row]], _row: Row) -> Row:
    return {
        "start_offset": 0,
        "end_offset": 5,
        "origin": "human",
        "state": "draft",
        "layer": "annotator",
        "tags": ["war", "water"],
    }


def _link(made: dict[str, list[Row]], _row: Row) -> Row:
    low, high = sorted(row["id"] for row in made["annotations"])
    ends = {"from_id": low, "to_id": high, "pair_low": low, "pair_high": high}
    return {**ends, "relation": "contradicts", "state": "draft", "layer": "annotator"}


def _about(made: dict[str, list[Row]], _row: Row) -> Row:
    annotation = made["annotations"][0]
    return {"annotation_id": annotation["id"], "project_id": annotation["project_id"]}


WORDS: dict[str, Callable[[dict[str, list[Row]], Row], Row]] = {
    "articles": lambda _made, _row: {"state": "open"},
    "annotations": _annotation,
    "links": _link,
    "decisions": lambda made, row: {**_about(made, row), "action": "submit"},
    "comments": lambda made, row: {**_about(made, row), "thread_id": row["id"]},
    "verdicts": lambda _made, _row: {"label": "supported"},
    "assignments": lambda _made, _row: {"task": "annotate", "state": "open", "reserved": False},
    "adjudications": lambda made, row: {
        **_about(made, row),
        "about": "annotation",
        "action": "accept",
        "how": "decided",
    },
    "adjudication_origins": _about,
    "web_names": lambda made, _row: {"annotation_id": made["annotations"][0]["id"]},
    "deliveries": lambda _made, _row: {"status": "delivered"},
}
TWICE = {"annotations"}


def tables_of(connection: Connection) -> list[Table]:
    """The tables there are, those first that others refer to."""
    metadata = MetaData()
    metadata.reflect(connection, only=lambda name, _: not name.startswith(MADE_BY_HAND))
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, UUID):
                column.type = UUID(as_uuid=False)
    return metadata.sorted_tables


def rows_of(connection: Connection) -> dict[str, list[list[tuple[str, Any]]]]:
    """Everything in the database, table by table, as the driver gives it."""
    names = inspect(connection).get_table_names()
    return {
        name: sorted(
            (
                sorted(dict(row._mapping).items())
                for row in connection.execute(text(f'SELECT * FROM "{name}"'))
            ),
            key=str,
        )
        for name in names
        if not name.startswith(MADE_BY_HAND)
    }


def fill(connection: Connection) -> None:
    """Put a row into every table that has none."""
    made: dict[str, list[Row]] = {}
    for table in tables_of(connection):
        if not connection.scalar(select(func.count()).select_from(table)):
            for _ in range(2 if table.name in TWICE else 1):
                connection.execute(table.insert().values(_row(table, made)))
        made[table.name] = [dict(row._mapping) for row in connection.execute(select(table))]
        if table.name in TWICE:
            assert len(made[table.name]) == 2
    connection.commit()


def _row(table: Table, made: dict[str, list[Row]]) -> Row:
    row: Row = {
        column.name: _value(column)
        for column in table.columns
        if not column.nullable and column.server_default is None and not _is_counted(table, column)
    }
    for constraint in table.foreign_key_constraints:
        if constraint.referred_table is not table and set(constraint.column_keys) <= row.keys():
            referred = made[constraint.referred_table.name][0]
            row |= {
                element.parent.name: referred[element.column.name]
                for element in constraint.elements
            }
    special = WORDS.get(table.name)
    return {**row, **special(made, row)} if special else row


def _is_counted(table: Table, column: Column[Any]) -> bool:
    return column.primary_key and isinstance(column.type, Integer) and column.name in {"id", "seq"}


def _value(column: Column[Any]) -> Any:
    kind, number = column.type, next(_COUNTER)
    length = getattr(kind, "length", None)
    if isinstance(kind, UUID) or length == 36:
        return new_id()
    for known, value in (
        (Boolean, False),
        (Integer, 1),
        (Float, 0.5),
        (JSON, {}),
        (DateTime, _WHEN),
        (LargeBinary, b"x"),
    ):
        if isinstance(kind, known):
            return value
    return rfc3339(_WHEN) if length == 27 else f"x{number}"[:length]
