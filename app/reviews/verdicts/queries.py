"""Selects about verdicts."""

from typing import Any

from sqlalchemy import Row, case, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.annotations.queries import annotations, seen_by
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.documents import JsonObject, Truth, stored
from app.kernel.errors import NotFound
from app.reviews.verdicts.models import Verdict

verdicts, users = Verdict.__table__.c, User.__table__.c

BESIDE = stored(
    case(
        (
            annotations.kind == "claim",
            select(
                JsonObject(
                    label=verdicts.label,
                    justification=verdicts.justification,
                    by=JsonObject(id=users.id, name=users.name),
                    at=verdicts.updated_at,
                    stands=Truth(verdicts.version == annotations.version),
                )
            )
            .where(verdicts.annotation_id == annotations.id, users.id == verdicts.user_id)
            .correlate(Annotation.__table__)
            .scalar_subquery(),
        )
    )
)
"""The verdict on an annotation as its own representation has it; null where there is none."""


def get(actor: Actor, annotation_id: str) -> Row[Any]:
    """The verdict of an annotation that the actor may see, beside the version that stands."""
    statement = (
        select(
            Verdict.__table__,
            users.name.label("user_name"),
            annotations.version.label("annotation_version"),
        )
        .select_from(Verdict.__table__)
        .join(User.__table__, users.id == verdicts.user_id)
        .join(annotations.id.table, annotations.id == verdicts.annotation_id)
        .where(seen_by(actor), verdicts.annotation_id == annotation_id)
    )
    if row := session().execute(statement).one_or_none():
        return row
    raise NotFound("There is no verdict on this.")
