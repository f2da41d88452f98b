"""Releases as the wire has them."""

from typing import Any

from sqlalchemy import Row

Json = dict[str, Any]


def present_line(row: Row[Any]) -> Json:
    """A release in a list."""
    return {
        "id": row.id,
        "project_id": row.project_id,
        "version": row.name,
        "notes": row.notes,
        "licence": row.licence,
        "sha256": row.sha256,
        "bytes": row.bytes,
        "counts": row.manifest["counts"],
        "filter": row.manifest["filter"],
        "created_by": {"id": row.created_by, "name": row.maker_name},
        "created_at": row.created_at,
    }


def present(row: Row[Any]) -> Json:
    """A release with its manifest."""
    return {**present_line(row), "manifest": row.manifest}
