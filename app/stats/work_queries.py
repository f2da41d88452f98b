"""What is known of work: what was made, and every move from state to state since."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.accounts.models import User
from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation
from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.db import dialect, session
from app.links.models import Link
from app.links.queries import those_seen
from app.stats.queries import annotations, day_of, links

Statement = Select[*tuple[Any, ...]]
changes, users = Change.__table__.c, User.__table__.c


def work(actor: Actor) -> list[Row[Any]]:
    """What was made, and how it moved from state to state, counted by days and people.

    Of the annotators' own annotations and links that are still there and that the actor may
    see. A row without `was` tells how many of whose things were made on a day and are in a
    state now; every other one, how often things made on a day went from `was` to a state, when
    and by whom. One statement, so that both tell of the same moment; an index leads to the
    moves, whatever else history tells.
    """
    tagged = _moves(actor, annotations, annotations.kind, "annotation")
    tagged = tagged.join(Annotation.__table__, annotations.id == changes.thing_id)
    linked = _moves(actor, links, literal("link"), "link")
    linked = linked.join(Link.__table__, links.id == changes.thing_id)
    seen = annotation_queries.seen_by(actor)
    parts = (
        _made(annotations, annotations.kind).where(seen),
        those_seen(actor, _made(links, literal("link"))),
        tagged.where(seen),
        those_seen(actor, linked),
    )
    return list(session().execute(union_all(*map(_grouped, parts))))


def _made(things: Any, kind: ColumnElement[str]) -> Statement:
    none = cast(null(), Text)
    return _counted(things, things.state, kind, none, cast(null(), users.id.type), none, none)


def _moves(actor: Actor, things: Any, kind: ColumnElement[str], thing: str) -> Statement:
    was = _state(changes.before)
    how = (day_of(changes.at), changes.actor_id, changes.action, was)
    statement = _counted(things, _state(changes.after), kind, *how).select_from(Change.__table__)
    here = changes.project_id == actor.project.id
    return statement.where(here, changes.thing == thing, was.is_not(None))


def _counted(
    things: Any,
    state: ColumnElement[str],
    kind: ColumnElement[str],
    day: ColumnElement[Any],
    actor_id: ColumnElement[Any],
    action: ColumnElement[Any],
    was: ColumnElement[Any],
) -> Statement:
    # What differs most goes first: it decides most comparisons of SQLite's sort.
    return select(
        things.author_id.label("author_id"),
        state.label("state"),
        kind.label("kind"),
        day_of(things.created_at).label("made_on"),
        day.label("day"),
        actor_id.label("actor_id"),
        action.label("action"),
        was.label("was"),
    ).where(things.layer == "annotator")


def _state(document: ColumnElement[Any]) -> ColumnElement[str]:
    """The state that a document tells, written as the index of moves has it."""
    if dialect() == "sqlite":
        return func.json_extract(document, literal("$.state", literal_execute=True), type_=Text)
    return document.op("->>", return_type=Text())(literal("state", literal_execute=True))


def _grouped(statement: Statement) -> Statement:
    keys = statement.selected_columns
    return statement.add_columns(func.count().label("n")).group_by(*keys)
