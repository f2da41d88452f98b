"""What history tells of work: every step from state to state, grouped by day and people."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, literal, select

from app.accounts.models import User
from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation
from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.db import session
from app.links.models import Link
from app.stats.queries import annotations, day_of, links, seen_links

changes, users = Change.__table__.c, User.__table__.c
WAS, IS = changes.before["state"].as_string(), changes.after["state"].as_string()


def steps(actor: Actor) -> list[Row[Any]]:
    """How often on each day whose work of what kind went from one state to another, by whom.

    Of the annotators' own annotations and links that are still there and that the actor may
    see; `was` is null where one was made. Two statements, each over the project's history.
    """
    tagged = (
        _steps(annotations, annotations.kind)
        .join(Annotation.__table__, annotations.id == changes.thing_id)
        .where(annotation_queries.seen_by(actor))
    )
    of_links = _steps(links, literal("link")).join(Link.__table__, links.id == changes.thing_id)
    linked = seen_links(actor, of_links)
    here = changes.project_id == actor.project.id
    return [
        row
        for statement, thing in ((tagged, "annotation"), (linked, "link"))
        for row in session().execute(statement.where(here, changes.thing == thing))
    ]


def _steps(things: Any, kind: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    # What differs most goes first: it decides most comparisons of SQLite's sort.
    keys = (
        things.author_id.label("author_id"),
        IS.label("state"),
        kind.label("kind"),
        day_of(changes.at).label("day"),
        changes.actor_id.label("actor_id"),
        changes.action.label("action"),
        WAS.label("was"),
    )
    return (
        select(*keys, func.count().label("n"))
        .select_from(Change.__table__)
        .where(things.layer == "annotator", IS.is_not(None))
        .group_by(*keys)
    )


def names(ids: set[str]) -> dict[str, str]:
    """The names of people by id."""
    statement = select(users.id, users.name).where(users.id.in_(sorted(ids)))
    return {row.id: row.name for row in session().execute(statement)}
