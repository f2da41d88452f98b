"""Decisions as the wire has them."""

from typing import Any

from sqlalchemy import Row


def present(row: Row[Any]) -> dict[str, Any]:
    """A decision from a row of `queries.of_thing`."""
    return {
        "id": row.id,
        "action": row.action,
        "from": row.from_state,
        "to": row.to_state,
        "reason": row.reason,
        "version": row.version,
        "by": {"id": row.user_id, "name": row.user_name},
        "at": row.created_at,
    }
