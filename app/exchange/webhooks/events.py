"""Which changes a webhook wants.

A pattern is `*`, a thing with all that happens to it (`link.*`), or one of its actions
(`annotation.created`).
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, true

from app.history.models import Change

PATTERN = r"\*|[a-z_]{1,40}\.(?:\*|[a-z_]{1,40})"
"""The regular expression of a pattern."""

changes = Change.__table__.c


def wanted(patterns: Iterable[str]) -> ColumnElement[bool]:
    """The condition that some pattern covers a change."""
    return or_(*map(_covers, patterns))


def _covers(pattern: str) -> ColumnElement[bool]:
    if pattern == "*":
        return true()
    thing, _, action = pattern.partition(".")
    happened = true() if action == "*" else changes.action == action
    return and_(changes.thing == thing, happened)
