"""Keyset pages: a page starts after the last row of the one before, never at an offset.

The cost of a page does not depend on its place. A cursor is opaque to callers: it carries
the sort key of the last row seen, and the name of the list it belongs to.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

import orjson
from sqlalchemy import BigInteger, ColumnElement, Integer, Row, Select, literal, tuple_
from sqlalchemy.types import TypeEngine

from app.kernel.columns import Id
from app.kernel.db import session
from app.kernel.errors import Malformed
from app.kernel.ids import is_id

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page and, unless it is the last, the cursor of the next."""

    items: list[T]
    next: str | None

    def map(self, change: Callable[[list[T]], list[U]]) -> "Page[U]":
        """The same page with its items turned into something else."""
        return Page(change(self.items), self.next)


@dataclass(frozen=True, slots=True)
class PageAsk:
    """Which page: at most `limit` rows after the cursor."""

    limit: int = 50
    after: str | None = None


def cursor_of(name: str, key: Sequence[Any]) -> str:
    """The cursor that stands for a sort key in the list called `name`."""
    raw = orjson.dumps([name, *key], option=orjson.OPT_UTC_Z)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def key_of(name: str, cursor: str, kinds: Sequence[type]) -> list[Any]:
    """The sort key in a cursor; Malformed where it is not one of this list's."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        whose, *key = orjson.loads(raw)
    except (ValueError, binascii.Error, TypeError):
        raise Malformed("`after` is not a cursor of ours.", code="bad_cursor") from None
    fits = len(key) == len(kinds) and all(
        isinstance(part, kind) and _storable(part) for part, kind in zip(key, kinds, strict=True)
    )
    if whose != name or not fits:
        raise Malformed("`after` is a cursor of another list.", code="bad_cursor")
    return list(key)


def _storable(part: Any) -> bool:
    """Whether a database takes this as a part of a key: cursors can be forged."""
    if isinstance(part, str):
        return "\x00" not in part
    return isinstance(part, int) and not isinstance(part, bool) and abs(part) < 2**62


def _fits(part: Any, kind: TypeEngine[Any]) -> bool:
    """Whether a column of this type could hold it: PostgreSQL refuses to compare what it cannot."""
    if isinstance(kind, Id):
        return is_id(part)
    return not isinstance(kind, Integer) or isinstance(kind, BigInteger) or abs(part) < 2**31


def page_from(
    items: Iterable[T],
    key: Callable[[T], list[Any]],
    ask: PageAsk,
    *,
    name: str,
    kinds: Sequence[type],
) -> Page[T]:
    """One page of what was worked out in memory, in the order of its `key`, which is unique.

    `kinds` are the types of the key's parts. No more is taken of `items` than the page needs.
    """
    start = None if ask.after is None else key_of(name, ask.after, kinds)
    left = iter(items) if start is None else (item for item in items if key(item) > start)
    found = list(islice(left, ask.limit + 1))
    if len(found) <= ask.limit:
        return Page(found, None)
    return Page(found[: ask.limit], cursor_of(name, key(found[ask.limit - 1])))


def page_of(
    statement: Select[Any],
    by: Sequence[tuple[ColumnElement[Any], type]],
    ask: PageAsk,
    *,
    name: str,
    descending: bool = False,
) -> Page[Row[Any]]:
    """One page of the statement's rows in the order of `by` (columns with their wire types).

    Asks for one row too many instead of counting. The statement must select these columns, and
    no two rows may have the same values in all of them.
    """
    columns = [column for column, _ in by]
    if ask.after is not None:
        key = key_of(name, ask.after, [kind for _, kind in by])
        if not all(_fits(part, column.type) for part, column in zip(key, columns, strict=True)):
            raise Malformed("`after` is not a cursor of ours.", code="bad_cursor")
        left = tuple_(*columns)
        right = tuple_(
            *(literal(part, column.type) for part, column in zip(key, columns, strict=True))
        )
        statement = statement.where(left < right if descending else left > right)
    order = [column.desc() for column in columns] if descending else columns
    rows = list(session().execute(statement.order_by(*order).limit(ask.limit + 1)))
    if len(rows) <= ask.limit:
        return Page(rows, None)
    last = rows[ask.limit - 1]._mapping
    return Page(rows[: ask.limit], cursor_of(name, [last[column] for column in columns]))
