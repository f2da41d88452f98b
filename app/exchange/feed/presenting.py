"""Changes as the wire has them."""

from typing import Any

from sqlalchemy import Row

from app.exchange.feed.positions import cursor_at, position_at


def present(project_id: str, row: Row[Any]) -> dict[str, Any]:
    """A change from a row of `queries.told`."""
    by = {"id": row.actor_id, "name": row.actor_name} if row.actor_id else None
    return {
        "cursor": cursor_at(project_id, position_at(row)),
        "thing": row.thing,
        "id": row.thing_id,
        "article_id": row.article_id,
        "version": row.version,
        "action": row.action,
        "actor": by,
        "at": row.at,
        "before": row.before,
        "after": row.after,
    }
