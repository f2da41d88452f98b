"""Handing out the next seat: every seat to one caller, however many ask at once.

On PostgreSQL callers pass over seats that another is just taking, so nobody waits; on SQLite
there is one writer at a time.

What it costs: open seats are read in the order in which they are handed out, from an index,
until one suits. Each that does not is an article where the caller sits already, or annotated
what is to be reviewed: to see that takes the article's own annotations, never the author's.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, select
from sqlalchemy.orm import aliased

from app.annotations.models import Annotation
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.permissions import allows, require
from app.projects.models import Membership
from app.projects.settings import bars_own_work
from app.reviews.assignments.models import Assignment
from app.reviews.assignments.policy import RULES
from app.reviews.assignments.presenting import core
from app.reviews.assignments.queries import lapsed
from app.reviews.assignments.service import record_change
from app.reviews.seats import TASKS

Statement = Select[Assignment]


def claim_next(actor: Actor, task: str | None, claim: timedelta) -> Assignment | None:
    """The caller's next seat, now in progress; None where nothing is left for them.

    Seats of their own come first, then those that are anybody's, then those of which another's
    claim has lapsed; what is due soonest first. Nobody gets an article twice for one task, and
    nobody reviews an article that they annotated while the own-work rule holds. Without a
    `task` either is handed out that the caller's role allows.
    """
    tasks = _tasks(actor, task)
    _one_at_a_time(actor)
    moment = now()
    for statement in _candidates(actor, tasks, moment):
        first = statement.limit(1).with_for_update(key_share=True, skip_locked=True)
        seat = session().scalar(first)
        if seat is not None:
            return _take(actor, seat, moment, claim)
    return None


def _tasks(actor: Actor, task: str | None) -> Sequence[str]:
    if task is not None:
        require(RULES, f"take_to_{task}", actor)
        return (task,)
    require(RULES, "take_to_annotate", actor)
    return [task for task in TASKS if allows(RULES, f"take_to_{task}", actor)]


def _one_at_a_time(actor: Actor) -> None:
    """Let the calls of one person wait for each other, lest both take a seat at one article."""
    own = select(Membership.user_id).where(
        Membership.project_id == actor.project.id, Membership.user_id == actor.id
    )
    session().execute(own.with_for_update(key_share=True))


def _candidates(actor: Actor, tasks: Sequence[str], moment: datetime) -> Iterator[Statement]:
    # Words are written out, not bound: only then does a plan use the index of open seats.
    is_open = Assignment.state == literal_column("'open'")
    allowed = select(Assignment).where(
        Assignment.project_id == actor.project.id,
        Assignment.task.in_(tasks),
        *_own_work(actor, tasks),
    )
    by = (Assignment.due_on, Assignment.id)
    # The person leads, or PostgreSQL does not see that the index has this order.
    opened, claimed = allowed.order_by(Assignment.user_id, *by), allowed.order_by(*by)
    own = Assignment.user_id == actor.id
    yield opened.where(own, is_open)
    yield claimed.where(own, lapsed(moment))
    yield opened.where(Assignment.user_id.is_(None), is_open, ~_seated(actor))
    yield claimed.where(lapsed(moment), ~_seated(actor))


def _seated(actor: Actor) -> ColumnElement[bool]:
    mine = aliased(Assignment)
    return exists().where(
        mine.article_id == Assignment.article_id,
        mine.task == Assignment.task,
        mine.user_id == actor.id,
    )


def _own_work(actor: Actor, tasks: Sequence[str]) -> list[ColumnElement[bool]]:
    if "review" not in tasks or not bars_own_work(actor):
        return []
    # OFFSET keeps PostgreSQL from gathering all that the author ever annotated instead.
    annotated = (
        select(Annotation.id)
        .where(Annotation.article_id == Assignment.article_id, Annotation.author_id == actor.id)
        .offset(0)
        .exists()
    )
    return [~and_(Assignment.task == "review", annotated)]


def _take(actor: Actor, seat: Assignment, moment: datetime, claim: timedelta) -> Assignment:
    before = core(seat)
    seat.user_id = actor.id
    seat.state = "in_progress"
    seat.claim_expires_at = None if seat.reserved else moment + claim
    seat.updated_at = moment
    session().flush()  # counts the version
    record_change(actor, seat, "claimed", before)
    return seat
