"""JSON objects that the database writes, the same on both engines.

What stands in another table comes along as one column of a statement, and goes out as it is.
"""

from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.kernel.columns import Moment, Stored


class JsonObject(FunctionElement[Any]):
    """An object with these members in this order; a member may be a document itself.

    Moments are written in RFC 3339, as on the wire; members of other types as JSON has them.
    """

    inherit_cache = True

    def __init__(self, **members: ColumnElement[Any]) -> None:
        names = (literal_column(f"'{name}'", Text) for name in members)
        pairs = zip(names, map(_written, members.values()), strict=True)
        super().__init__(*(part for pair in pairs for part in pair))


class _WrittenMoment(FunctionElement[str]):
    inherit_cache = True
    type = Text()


class Truth(FunctionElement[Any]):
    """A condition as a member: true or false, where SQLite would write 1 or 0."""

    inherit_cache = True


class JsonTable(FunctionElement[str]):
    """All rows of a select, as the text of one array of arrays; `[]` where there are none."""

    inherit_cache = True
    type = Text()

    def __init__(self, *columns: ColumnElement[Any]) -> None:
        super().__init__(*columns)


def stored(document: Any) -> ColumnElement[Any]:
    """The document that a select finds, or null, as text that only passes through."""
    return func.coalesce(cast(document, Text), literal_column("'null'"), type_=Stored())


def _written(member: ColumnElement[Any]) -> ColumnElement[Any]:
    return _WrittenMoment(member) if isinstance(member.type, Moment) else member


@compiles(JsonObject, "sqlite")
def _object_in_sqlite(element: JsonObject, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **more)})"


@compiles(JsonObject, "postgresql")
def _object_in_postgres(element: JsonObject, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **more)})"


@compiles(JsonTable, "sqlite")
def _table_in_sqlite(element: JsonTable, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **more)}))"


@compiles(JsonTable, "postgresql")
def _table_in_postgres(element: JsonTable, compiler: SQLCompiler, **more: Any) -> str:
    row = compiler.process(element.clauses, **more)
    return f"coalesce(json_agg(json_build_array({row})), '[]')::text"


@compiles(_WrittenMoment, "sqlite")
def _moment_in_sqlite(element: _WrittenMoment, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)  # it is kept as it is written


@compiles(_WrittenMoment, "postgresql")
def _moment_in_postgres(element: _WrittenMoment, compiler: SQLCompiler, **more: Any) -> str:
    moment = compiler.process(element.clauses, **more)
    return f"""to_char(({moment}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


@compiles(Truth, "sqlite")
def _truth_in_sqlite(element: Truth, compiler: SQLCompiler, **more: Any) -> str:
    condition = compiler.process(element.clauses, **more)
    return f"json(CASE WHEN {condition} THEN 'true' ELSE 'false' END)"


@compiles(Truth, "postgresql")
def _truth_in_postgres(element: Truth, compiler: SQLCompiler, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)})"
