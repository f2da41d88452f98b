"""The versions of a thing as the wire has them."""

from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.history.queries import versions
from app.kernel.db import session


def versions_of(thing_id: str) -> list[dict[str, Any]]:
    """Every change of a thing, oldest first, with the names of those who made them."""
    rows = versions(thing_id)
    people = {row.actor_id for row in rows if row.actor_id}
    names = {
        row.id: row.name
        for row in session().execute(select(User.id, User.name).where(User.id.in_(people)))
    }
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
