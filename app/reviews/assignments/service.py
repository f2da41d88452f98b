"""Working on an assignment: begin, finish, skip, give back."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from app.annotations.models import Unveiled
from app.history.record import changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, invalid_field
from app.kernel.permissions import require
from app.kernel.upserts import insert
from app.reviews.assignments.assigning import add, seat_row
from app.reviews.assignments.models import SILENT, Assignment
from app.reviews.assignments.policy import RULES
from app.reviews.assignments.presenting import core
from app.reviews.seats import IllegalChange, check_change

Json = dict[str, Any]


def change(actor: Actor, seat: Assignment, data: Json, claim: timedelta) -> Assignment:
    """Bring a seat into the state asked for; a claim made or renewed lasts for `claim`.

    Being done lifts the veil over the others' work on the article; taking it back lowers it.
    """
    require(RULES, "work", actor, seat)
    wanted, reason = data["state"], data.get("reason")
    _check(seat, wanted, reason)
    if _stands(seat, wanted, reason):
        return seat
    before = core(seat)
    if wanted == "skipped" != seat.state and seat.user_id is not None and not seat.reserved:
        # Who skips leaves the seat to others, and is not asked again.
        add(actor, [seat_row(actor, seat.article_id, seat.task, None, seat.due_on)])
    _veil(seat, wanted)
    _move(seat, wanted, reason, claim)
    session().flush()  # counts the version
    record_change(actor, seat, wanted, before)
    return seat


def remove(actor: Actor, seat: Assignment) -> None:
    """Take a seat away; who was done on it is not any more."""
    require(RULES, "remove", actor, seat)
    before = core(seat)
    _veil(seat, "open")
    session().delete(seat)
    record(
        actor,
        "deleted",
        "assignment",
        seat,
        before=before,
        article_id=seat.article_id,
        author_id=seat.user_id,
    )
    session().flush()  # the version is compared here, so that nobody's change is lost unseen


def record_change(actor: Actor, seat: Assignment, action: str, before: Json) -> None:
    """Let history tell what became of a seat; it is its person's affair, or was."""
    was, is_now = changed(before, core(seat))
    record(
        actor,
        action,
        "assignment",
        seat,
        before=was,
        after=is_now,
        article_id=seat.article_id,
        author_id=seat.user_id or before["user_id"],
    )


def _stands(seat: Assignment, wanted: str, reason: str | None) -> bool:
    """Whether the seat says so already. A claim can be renewed, a reason be given later."""
    alike = wanted == seat.state and reason in (None, seat.reason)
    return alike and (wanted != "in_progress" or seat.reserved)


def _check(seat: Assignment, wanted: str, reason: str | None) -> None:
    if wanted != seat.state:
        try:
            check_change(seat.state, wanted, taken=seat.user_id is not None)
        except IllegalChange as error:
            raise Conflict(
                str(error), code="illegal_move", state=error.state, legal=error.legal
            ) from None
    if wanted != "skipped" and reason is not None:
        raise invalid_field("/reason", "reason_unexpected", "A reason goes with skipping.")


def _move(seat: Assignment, wanted: str, reason: str | None, claim: timedelta) -> None:
    if seat.state in {"done", "skipped"} and seat.user_id is not None:
        seat.reserved = True  # whose work is taken up again keeps the seat
    if wanted == "open" and not seat.reserved:
        seat.user_id = None
    seat.claim_expires_at = now() + claim if wanted == "in_progress" and not seat.reserved else None
    seat.done_at = now() if wanted == "done" else None
    seat.state = wanted
    seat.reason = (reason or SILENT) if wanted == "skipped" else None
    seat.updated_at = now()


def _veil(seat: Assignment, wanted: str) -> None:
    """Keep in step who may see the others' work on the article of a blind project."""
    if seat.task != "annotate" or seat.user_id is None:
        return
    if wanted == "done":
        row = {"article_id": seat.article_id, "user_id": seat.user_id}
        session().execute(insert(Unveiled).values(row).on_conflict_do_nothing())
    elif seat.state == "done":
        session().execute(
            delete(Unveiled).where(
                Unveiled.article_id == seat.article_id, Unveiled.user_id == seat.user_id
            )
        )
