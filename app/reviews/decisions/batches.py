"""Deciding on many things in one request, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, insert, update

from app.annotations.models import Annotation
from app.annotations.service import SURE
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, NotFound, Refused, Stale, invalid_field
from app.reviews import workflow
from app.reviews.decisions import queries
from app.reviews.decisions.models import Decision
from app.reviews.decisions.service import (
    decision,
    moved,
    place_in_doubt,
    record_decision,
    refusal,
    role_of,
)
from app.reviews.decisions.things import Reviewable

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What shall happen to many things.

    Either `ids` or `filters` say to which, at most `most`. `versions`, by id, are those that
    the caller saw: what has moved on since is left alone. `atomic`: all of them or none.
    """

    action: str
    reason: str | None
    ids: Sequence[str] | None
    filters: Json | None
    versions: Mapping[str, int] = field(default_factory=dict)
    atomic: bool = False
    most: int = 1000


def decide_all(actor: Actor, subject: Reviewable, batch: Batch) -> list[Json]:
    """One result per thing, in the order of `ids` or, for filters, in the order they were made.

    A result is `{id, ok, state, version}`, with `problem` where it is not ok. What the actor
    may not do to anything, or never without a reason, is refused as a whole.
    """
    _check(actor, batch)
    rows = {row.id: row for row in _found(actor, subject, batch)}
    results = [_result(actor, batch, id_, rows.get(id_)) for id_ in batch.ids or rows]
    if batch.atomic and not all(result["ok"] for result in results):
        told = "Nothing was changed, since not all of them can be; see items."
        raise Conflict(told, code="not_all_possible", items=results)
    _write(
        actor, subject, batch, [(rows[result["id"]], result) for result in results if result["ok"]]
    )
    return results


def _check(actor: Actor, batch: Batch) -> None:
    try:
        workflow.check_role(batch.action, role_of(actor))
    except workflow.ReviewError as error:
        raise refusal(error) from None
    if batch.action in workflow.REASON_NEEDED and not (batch.reason or "").strip():
        told = f"To {batch.action.replace('_', ' ')}, say why in `reason`."
        raise invalid_field("/reason", "reason_missing", told)


def _found(actor: Actor, subject: Reviewable, batch: Batch) -> list[Row[Any]]:
    if batch.ids is not None:
        return queries.among(actor, subject, batch.ids)
    rows = queries.matching(actor, subject, batch.filters or {}, batch.most + 1)
    if len(rows) > batch.most:
        told = f"The filter lets through more than {batch.most} (MAX_ITEMS_PER_REQUEST). Narrow it."
        raise invalid_field("/filter", "too_many", told)
    return rows


def _result(actor: Actor, batch: Batch, id_: str, row: Row[Any] | None) -> Json:
    if row is None:
        return _refused(id_, NotFound("There is no such thing in this project."))
    seen = batch.versions.get(id_, row.version)
    if seen != row.version:
        return _refused(id_, Stale("Someone changed this first."), row)
    try:
        state = moved(actor, row.state, row.author_id, batch.action, batch.reason)
    except Refused as error:
        return _refused(id_, error, row)
    return {"id": id_, "ok": True, "state": state, "version": row.version + 1}


def _refused(id_: str, error: Refused, row: Row[Any] | None = None) -> Json:
    stands = {"state": row.state, "version": row.version} if row else {}
    problem: Json = {"code": error.word, "detail": error.detail}
    moves = (name for name in ("legal", "yours") if name in error.extra)
    problem |= {name: list(error.extra[name]) for name in moves}
    return {"id": id_, "ok": False, **stands, "problem": problem}


def _write(
    actor: Actor, subject: Reviewable, batch: Batch, good: list[tuple[Row[Any], Json]]
) -> None:
    if not good:
        return
    columns, table = subject.columns, subject.model.__table__
    # An action leads to one state, wherever it starts.
    (state,) = {result["state"] for _, result in good}
    session().execute(
        update(subject.model)
        .where(columns.id.in_([row.id for row, _ in good]))
        .values(state=state, version=table.c.version + 1, updated_at=now())
        .execution_options(synchronize_session=False)
    )
    doubts = {row.id: place_in_doubt(batch.action, row) for row, _ in good}
    if unsure := [id_ for id_, doubt in doubts.items() if doubt]:
        session().execute(update(Annotation).where(Annotation.id.in_(unsure)).values(SURE))
    made = []
    for row, result in good:
        step = (row.state, batch.action, state)
        made.append(decision(actor, subject, row.id, result["version"], step, batch.reason))
        article_id = row._mapping.get("article_id")
        record_decision(actor, subject, made[-1], row.author_id, article_id, doubts[row.id])
    session().execute(insert(Decision), made)
