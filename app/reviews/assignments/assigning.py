"""Giving articles to people: spread evenly, previewed if asked, written if not."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from app.history.record import Thing, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import TooLarge, fault, invalid_field, refused
from app.kernel.ids import new_id
from app.kernel.permissions import require
from app.reviews.assignments import standing
from app.reviews.assignments.models import NEVER, Assignment
from app.reviews.assignments.planning import Plan, Standing, plan
from app.reviews.assignments.policy import NEEDED, RULES
from app.reviews.seating import OverlapTooLarge

Json = dict[str, Any]
Team = dict[str, standing.Member]


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for, as its schema admitted it, and the most articles at once."""

    data: Json
    most: int

    @property
    def task(self) -> str:
        """annotate or review."""
        return str(self.data["task"])


def assign(actor: Actor, wish: Wish, *, dry_run: bool) -> Json:
    """Seats for the articles wished for: planned, and made unless it is a dry run.

    Answers with the new seats, how much each person named has before and gains, and the
    articles for which too few people are free.
    """
    require(RULES, "assign", actor)
    standing.hold(actor)
    team = standing.team(actor)
    able = _able(wish, team)
    articles = _articles(actor, wish, able)
    users, overlap = _users(wish, team), _overlap(actor, wish)
    found = standing.standing(actor, wish.task, articles, able)
    planned = _plan(articles, users, overlap, found, len(able))
    ids = None if dry_run else _write(actor, wish, planned)
    return _answer(wish, planned, team, found, ids)


def _articles(actor: Actor, wish: Wish, able: set[str]) -> list[str]:
    ids = wish.data.get("articles")
    if ids is None:
        return _matching(actor, wish, able)
    if len(ids) > wish.most:
        told = f"At most {wish.most} articles are assigned at once (MAX_ITEMS_PER_REQUEST)."
        raise TooLarge(told)
    there = standing.find_articles(actor, ids)
    told = "There is no such article in this project."
    faults = [
        fault(f"/articles/{place}", "not_in_project", told)
        for place, id_ in enumerate(ids)
        if id_ not in there
    ]
    if faults:
        raise refused(faults)
    return list(ids)


def _matching(actor: Actor, wish: Wish, able: set[str]) -> list[str]:
    found = standing.matching(actor, wish.task, wish.data["filter"], wish.most + 1, able)
    if not found:
        raise invalid_field("/filter", "nothing_matches", "The filter lets no article through.")
    if len(found) > wish.most:
        told = f"The filter lets through more than {wish.most} (MAX_ITEMS_PER_REQUEST). Narrow it."
        raise invalid_field("/filter", "too_many", told)
    return found


def _users(wish: Wish, team: Team) -> list[str] | None:
    """The people named; None where the seats shall be anybody's."""
    users: list[str] | None = wish.data.get("users")
    needed = NEEDED[wish.task]
    faults = []
    for place, user_id in enumerate(users or ()):
        pointer, member = f"/users/{place}", team.get(user_id)
        if member is None:
            told = "This is no member of the project."
            faults.append(fault(pointer, "not_a_member", told))
        elif member.disabled:
            told = "This account is disabled."
            faults.append(fault(pointer, "disabled_user", told))
        elif member.role < needed:
            told = f"To {wish.task} one must be at least {needed.name}."
            faults.append(fault(pointer, "role_too_low", told))
    if faults:
        raise refused(faults)
    return users


def _overlap(actor: Actor, wish: Wish) -> int:
    default = actor.project.settings.get("overlap", 1) if wish.task == "annotate" else 1
    return int(wish.data.get("overlap", default))


def _able(wish: Wish, team: Team) -> set[str]:
    """Who can do the task."""
    needed = NEEDED[wish.task]
    return {id_ for id_, one in team.items() if one.role >= needed and not one.disabled}


def _plan(
    articles: list[str], users: list[str] | None, overlap: int, found: Standing, able: int
) -> Plan:
    try:
        if users is None and overlap > able:
            raise OverlapTooLarge(overlap, able)
        return plan(articles, users, overlap, found)
    except OverlapTooLarge as error:
        raise invalid_field("/overlap", "overlap_too_large", str(error)) from None


def _write(actor: Actor, wish: Wish, planned: Plan) -> list[str]:
    rows = [
        seat_row(actor, article_id, wish.task, user_id, wish.data.get("due_on") or NEVER)
        for article_id, user_id in planned.seats
    ]
    add(actor, rows)
    return [row["id"] for row in rows]


def seat_row(actor: Actor, article_id: str, task: str, user_id: str | None, due_on: str) -> Json:
    """The row of a new seat, reserved if it is somebody's."""
    moment = now()
    return {
        "id": new_id(),
        "project_id": actor.project.id,
        "article_id": article_id,
        "task": task,
        "user_id": user_id,
        "reserved": user_id is not None,
        "state": "open",
        "due_on": due_on,
        "created_by": actor.id,
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
    }


def add(actor: Actor, rows: list[Json]) -> None:
    """Make these seats; history tells of each."""
    if not rows:
        return
    session().execute(insert(Assignment), rows)
    for row in rows:
        after = {name: row[name] for name in ("article_id", "task", "user_id", "state")}
        after["due_on"] = None if row["due_on"] == NEVER else row["due_on"]
        record(
            actor,
            "created",
            "assignment",
            Thing(row["id"]),
            after=after,
            article_id=row["article_id"],
            author_id=row["user_id"],
        )


def _answer(wish: Wish, planned: Plan, team: Team, found: Standing, ids: list[str] | None) -> Json:
    items: list[Json] = []
    for place, (article_id, user_id) in enumerate(planned.seats):
        seat: Json = {"article_id": article_id, "task": wish.task, "user": _person(team, user_id)}
        seat |= {"state": "open", "due_on": wish.data.get("due_on")}
        items.append(seat if ids is None else {"id": ids[place], "version": 1, **seat})
    gained = Counter(user_id for _, user_id in planned.seats)
    return {
        "dry_run": ids is None,
        "task": wish.task,
        "items": items,
        "people": [
            {
                "user": _person(team, user_id),
                "before": found.load.get(user_id, 0),
                "added": gained[user_id],
            }
            for user_id in wish.data.get("users") or ()
        ],
        "short": [
            {"article_id": article_id, "missing": missing}
            for article_id, missing in planned.short.items()
        ],
    }


def _person(team: Team, user_id: str | None) -> Json | None:
    return {"id": user_id, "name": team[user_id].name} if user_id else None
