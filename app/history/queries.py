"""Reading history: the versions of one thing."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from app.history.models import Change
from app.kernel.db import session
from app.kernel.paging import Page, PageAsk, page_of

_changes = Change.__table__.c


def versions(thing_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the changes of a thing, oldest first."""
    statement = select(Change.__table__).where(_changes.thing_id == thing_id)
    return page_of(statement, [(_changes.version, int), (_changes.seq, int)], ask, name="history")


def as_of(thing_id: str, version: int) -> dict[str, Any] | None:
    """The document as it stood at a version, or None where there was no such version.

    It is rebuilt from the first document by laying the later changes over it.
    """
    changes = aliased(Change)
    found = session().execute(
        select(changes.version, changes.after)
        .where(changes.thing_id == thing_id, changes.version <= version)
        .order_by(changes.seq)
    )
    rows = list(found)
    if not rows or rows[-1].version != version:
        return None
    document: dict[str, Any] = {}
    for row in rows:
        document |= row.after or {}
    return document
