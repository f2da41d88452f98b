"""Links as the wire has them, and as history keeps them."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Values = Mapping[Any, Any]


def core(row: Values) -> Json:
    """What is said of a pair; history keeps this."""
    return {
        "from": row["from_id"],
        "to": row["to_id"],
        "relation": row["relation"],
        "basis": row["basis"],
        "independence": row["independence"],
        "rationale": row["rationale"],
        "confidence": row["confidence"],
        "group": row["group_name"],
        "state": row["state"],
        "layer": row["layer"],
        "external_id": row["external_id"],
    }


def present(row: Values) -> Json:
    """A link from a row of `queries.visible_to`."""
    return {
        "id": row["id"],
        "project_id": row["project_id"],
        **core(row),
        "cross_article": row["from_article_id"] != row["to_article_id"],
        "ends": {end: _end(row, end) for end in ("from", "to")},
        "author": {"id": row["author_id"], "name": row["author_name"]},
        "version": row["version"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _end(row: Values, end: str) -> Json:
    return {name: row[f"{end}_{name}"] for name in ("article_id", "kind", "exact")}
