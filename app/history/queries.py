"""Reading history: the versions of one thing."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from app.history.models import Change
from app.kernel.db import session


def versions(thing_id: str) -> list[Row[Any]]:
    """Every change of a thing, oldest first."""
    return list(
        session().execute(
            select(Change.__table__).where(Change.thing_id == thing_id).order_by(Change.seq)
        )
    )


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
