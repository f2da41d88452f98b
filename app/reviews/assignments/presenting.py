"""Assignments as the wire has them, and as history keeps them."""

from typing import Any

from sqlalchemy import Row

from app.reviews.assignments.models import NEVER, Assignment

Json = dict[str, Any]


def present(row: Row[Any]) -> Json:
    """An assignment from a row of `queries`; whose claim has lapsed is anybody's again."""
    taken = row.user_id is not None and not row.lapsed
    return {
        "id": row.id,
        "project_id": row.project_id,
        "article_id": row.article_id,
        "article": {"id": row.article_id, "title": row.article_title},
        "task": row.task,
        "user": {"id": row.user_id, "name": row.user_name} if taken else None,
        "state": "open" if row.lapsed else row.state,
        "reason": row.reason or None,
        "due_on": _due(row.due_on),
        "claim_expires_at": None if row.lapsed else row.claim_expires_at,
        "done_at": row.done_at,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def present_mine(row: Row[Any]) -> Json:
    """One of the caller's own, beside the project it is in."""
    project = {"id": row.project_id, "slug": row.project_slug, "name": row.project_name}
    return {**present(row), "project": project}


def core(assignment: Assignment | Row[Any]) -> Json:
    """Who shall do what; history keeps this."""
    return {
        "article_id": assignment.article_id,
        "task": assignment.task,
        "user_id": assignment.user_id,
        "state": assignment.state,
        "reason": assignment.reason or None,
        "due_on": _due(assignment.due_on),
    }


def _due(due_on: str) -> str | None:
    return None if due_on == NEVER else due_on
