"""Column types and columns that every table shares, the same on both engines.

Both engines give back the same Python values and sort them the same way: ids are canonical
dashed text, moments are aware datetimes in UTC (on SQLite kept as RFC 3339 text of fixed
width), documents are JSON.
"""

from datetime import datetime
from typing import Annotated, Any

from orjson import Fragment
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Index, Integer, String, Text, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.kernel.clock import rfc3339
from app.kernel.ids import new_id
from app.kernel.mergepatch import same


class Id(TypeDecorator[str]):
    """A UUID as lower-case dashed text; PostgreSQL keeps it in 16 bytes."""

    impl = String(36)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.UUID(as_uuid=False))
        return dialect.type_descriptor(String(36))


def _moment(raw: str | None) -> datetime | None:
    return None if raw is None else datetime.fromisoformat(raw)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return rfc3339(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """As few steps as can be, since they are taken for every cell; PostgreSQL needs none."""
        return None if dialect.name == "postgresql" else _moment


class Stored(TypeDecorator[Fragment]):
    """A document as the JSON text it is kept as, for what only passes it on.

    `cast(column, Stored)`; never for a column that may be NULL.
    """

    impl = Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return Fragment


class JsonType(JSON):
    """A document, which changes where it differs as JSON does: true is not 1."""

    def compare_values(self, x: Any, y: Any) -> bool:
        return same(x, y)


Json = JsonType(none_as_null=True)
"""A document. SQL NULL, never JSON null, where there is none."""

BigSerial = BigInteger().with_variant(Integer, "sqlite")
"""A number the database counts up; SQLite counts only a column called INTEGER."""

key = Annotated[str, mapped_column(Id, primary_key=True, default=new_id)]
moment = Annotated[datetime, mapped_column(Moment)]


def unique_if_given(table: str, column: str) -> Index:
    """No two rows of one project have the same value here, though any number may have none."""
    given = text(f"{column} IS NOT NULL")
    return Index(
        f"uq_{table}_{column}",
        "project_id",
        column,
        unique=True,
        sqlite_where=given,
        postgresql_where=given,
    )
