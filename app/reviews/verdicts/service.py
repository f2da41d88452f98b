"""Giving a verdict on a claim, and taking it back."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm.attributes import flag_modified

from app.annotations.models import Annotation
from app.annotations.queries import annotations
from app.history.record import record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import run, session
from app.kernel.errors import Conflict, NotFound
from app.kernel.permissions import require
from app.reviews.verdicts.models import Verdict
from app.reviews.verdicts.policy import RULES
from app.reviews.verdicts.presenting import core

Json = dict[str, Any]
verdicts = Verdict.__table__.c
_CARRY = (
    update(cast(Table, Verdict.__table__))
    .where(verdicts.annotation_id == bindparam("its_id"))
    .values(version=bindparam("its_version"))
)


def put(actor: Actor, annotation: Annotation, data: Json) -> Verdict:
    """Give a verdict on an approved claim, or replace the one it has.

    It makes a new version of the annotation, so that of two who judge one version at the same
    moment only one is heard.
    """
    require(RULES, "set_verdict", actor)
    _check(annotation)
    verdict = session().get(Verdict, annotation.id)
    if verdict and _says(verdict, actor, annotation, data):
        return verdict
    before = core(verdict) if verdict else None
    version, moment = _touch(annotation), now()
    if verdict is None:
        verdict = Verdict(
            annotation_id=annotation.id, project_id=annotation.project_id, created_at=moment
        )
        session().add(verdict)
    verdict.label = data["label"]
    verdict.justification = data["justification"]
    verdict.user_id = actor.id
    verdict.version = version
    verdict.updated_at = moment
    session().flush()  # a verdict that cannot stand shall not be answered with
    _record(actor, annotation, "verdict_set", before, core(verdict))
    return verdict


def _says(verdict: Verdict, actor: Actor, annotation: Annotation, data: Json) -> bool:
    """Whether the actor gave this very verdict on what the claim says now."""
    stands = verdict.version == annotation.version
    return stands and verdict.user_id == actor.id and core(verdict) == data


def remove(actor: Actor, annotation: Annotation) -> None:
    """Take back the verdict; history remembers it."""
    require(RULES, "remove_verdict", actor)
    verdict = session().get(Verdict, annotation.id)
    if verdict is None:
        raise NotFound("There is no verdict on this.")
    before = core(verdict)
    session().delete(verdict)
    _touch(annotation)
    _record(actor, annotation, "verdict_removed", before, None)


def carry(article_id: str, moved: Mapping[str, tuple[int, int]]) -> None:
    """Let verdicts stand on claims of an article that only moved with its text.

    `moved` is id → the version before and after. The claim says what it said.
    """
    here = select(annotations.id).where(annotations.article_id == article_id)
    statement = select(verdicts.annotation_id, verdicts.version)
    found = session().execute(statement.where(verdicts.annotation_id.in_(here))).all()
    standing = [
        {"its_id": row.annotation_id, "its_version": moved[row.annotation_id][1]}
        for row in found
        if row.annotation_id in moved and moved[row.annotation_id][0] == row.version
    ]
    if standing:
        run(_CARRY, standing)


def _check(annotation: Annotation) -> None:
    if annotation.kind != "claim":
        told = f"A verdict is given on a claim; this is a {annotation.kind}."
        raise Conflict(told, code="not_a_claim")
    if annotation.state != "approved":
        told = f"A verdict is given on an approved claim; this one is {annotation.state}."
        raise Conflict(told, code="not_approved", state=annotation.state)


def _touch(annotation: Annotation) -> int:
    annotation.updated_at = now()
    flag_modified(annotation, "updated_at")  # a new version even if the clock stood still
    session().flush()  # counts the version
    return annotation.version


def _record(
    actor: Actor, annotation: Annotation, action: str, before: Json | None, after: Json | None
) -> None:
    record(
        actor,
        action,
        "annotation",
        annotation,
        before={"verdict": before},
        after={"verdict": after},
        article_id=annotation.article_id,
        author_id=annotation.author_id,
    )
