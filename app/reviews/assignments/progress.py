"""How far the work is, per person and in all: one statement, whatever the number of seats."""

from collections import defaultdict
from typing import Any

from sqlalchemy import case, func, literal_column, null, select

from app.accounts.models import User
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.reviews.assignments.queries import assignments, lapsed, seen_by
from app.reviews.seats import STATES, TASKS

Json = dict[str, Any]
Counts = dict[str, int]


def progress(actor: Actor) -> Json:
    """Seats by task and state: in all, and for each person; for nobody, those that are free.

    `overdue` are those due before today that are neither done nor skipped.
    """
    everyone: dict[str, Counts] = {task: _none() for task in TASKS}
    people: dict[str | None, dict[str, Counts]] = defaultdict(
        lambda: {task: _none() for task in TASKS}
    )
    names: dict[str | None, str] = {}
    for user_id, name, task, state, seats, overdue in session().execute(_counted(actor)):
        names[user_id] = name
        for counts in (everyone[task], people[user_id][task]):
            counts[state] += seats
            counts["total"] += seats
            counts["overdue"] += overdue
    order = sorted(people, key=lambda user_id: (user_id is None, names[user_id], user_id))
    return {
        "tasks": everyone,
        "people": [
            {
                "user": {"id": user_id, "name": names[user_id]} if user_id else None,
                **people[user_id],
            }
            for user_id in order
        ],
    }


def _counted(actor: Actor) -> Any:
    moment = now()
    today = moment.date().isoformat()
    late = assignments.due_on < today
    seats = (
        select(
            case((lapsed(moment), null()), else_=assignments.user_id).label("user_id"),
            assignments.task,
            case((lapsed(moment), "open"), else_=assignments.state).label("state"),
            case((late & assignments.state.in_(("open", "in_progress")), 1), else_=0).label("late"),
        )
        .where(seen_by(actor))
        .subquery()
    )
    users = User.__table__.c
    return (
        select(
            seats.c.user_id,
            func.coalesce(users.name, literal_column("''")),
            seats.c.task,
            seats.c.state,
            func.count(),
            func.sum(seats.c.late),
        )
        .select_from(seats)
        .outerjoin(User.__table__, users.id == seats.c.user_id)
        .group_by(seats.c.user_id, users.name, seats.c.task, seats.c.state)
    )


def _none() -> Counts:
    return dict.fromkeys((*STATES, "total", "overdue"), 0)
