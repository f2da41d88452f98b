"""Sources as the wire has them, and as history keeps them."""

from typing import Any

from sqlalchemy import Row

from app.annotations.models import Source
from app.annotations.names import fold

Json = dict[str, Any]


def document(source: Source | Row[Any], names: dict[str, list[str]]) -> Json:
    """What can be edited of a source."""
    own = fold(source.name)
    others = [name for name in names.get(source.id, []) if fold(name) != own]
    return {"name": source.name, "type": source.type, "aliases": others}


def present(source: Source | Row[Any], names: dict[str, list[str]]) -> Json:
    """A source as the wire has it."""
    return {
        "id": source.id,
        "project_id": source.project_id,
        **document(source, names),
        "version": source.version,
        "created_at": source.created_at,
        "updated_at": source.updated_at,
    }
