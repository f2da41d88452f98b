"""Verdicts as the wire has them."""

from typing import Any

from sqlalchemy import Row

from app.reviews.verdicts.models import Verdict

Json = dict[str, Any]


def present(row: Row[Any]) -> Json:
    """A verdict from a row of `queries.get`.

    `stands` is false once the annotation has moved on since: the verdict is then of what
    `version` said.
    """
    return {
        "annotation_id": row.annotation_id,
        **core(row),
        "by": {"id": row.user_id, "name": row.user_name},
        "version": row.version,
        "stands": row.version == row.annotation_version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def core(verdict: Verdict | Row[Any]) -> Json:
    """What a verdict says; history keeps this."""
    return {"label": verdict.label, "justification": verdict.justification}
