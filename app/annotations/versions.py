"""The versions of a thing as the wire has them."""

from typing import Any

from sqlalchemy import Row

from app.accounts.queries import names_of
from app.history.queries import versions
from app.kernel.paging import Page, PageAsk


def versions_of(thing_id: str, ask: PageAsk) -> Page[dict[str, Any]]:
    """A page of the changes of a thing, oldest first, with the names of those who made them."""
    return versions(thing_id, ask).map(_with_names)


def _with_names(rows: list[Row[Any]]) -> list[dict[str, Any]]:
    names = names_of({row.actor_id for row in rows if row.actor_id})
    return [
        {
            "version": row.version,
            "action": row.action,
            "by": {"id": row.actor_id, "name": names[row.actor_id]} if row.actor_id else None,
            "at": row.at,
            "before": row.before,
            "after": row.after,
        }
        for row in rows
    ]
