"""Inserts that know what to do about a row that is there already, on either engine."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.kernel.db import dialect


def insert(table: Any) -> postgresql.Insert | sqlite.Insert:
    """An insert with `on_conflict_do_…`, as the database at hand spells it."""
    return postgresql.insert(table) if dialect() == "postgresql" else sqlite.insert(table)
