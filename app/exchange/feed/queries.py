"""Reading the feed.

On PostgreSQL a row is told once every transaction up to its own has ended: such rows are all
there are and ever will be before it, so a reader who goes on from a position misses nothing
that committed late. The price: a long writing transaction, anywhere on the database server,
holds the telling back until it ends. On SQLite one writes at a time and what is visible is
settled.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.annotations.models import Unveiled
from app.annotations.queries import works_blind
from app.exchange.feed.positions import BEGINNING, PRESENT, Position, position_at, position_of
from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.columns import Id
from app.kernel.db import dialect, session
from app.kernel.errors import Gone

changes, users, unveiled = Change.__table__.c, User.__table__.c, Unveiled.__table__.c
ORDER = (changes.tx, changes.seq)
LOST = (
    "This cursor stands after a change that this database does not have: it was brought back from"
    " an older backup. Read everything anew, and go on from a cursor that you get now."
)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some changes in order, where to go on from, and whether more are there already."""

    rows: list[Row[Any]]
    next: Position
    has_more: bool


def settled() -> ColumnElement[bool]:
    """The condition that nothing can come before a change any more."""
    if dialect() == "sqlite":
        return true()
    oldest_running = func.pg_snapshot_xmin(func.pg_current_snapshot())
    return changes.tx < func.feed_tx(oldest_running)


def after(position: Position) -> ColumnElement[bool]:
    """The condition that a change comes after the position."""
    return tuple_(changes.tx, changes.seq) > tuple_(literal(position.tx), literal(position.seq))


def up_to(position: Position) -> ColumnElement[bool]:
    """The condition that a change does not come after the position."""
    return tuple_(changes.tx, changes.seq) <= tuple_(literal(position.tx), literal(position.seq))


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may know of a change of the project entered.

    While a project is blind, an annotator is told of the others' work on an article only once
    done with it. A link belongs to the articles of both its ends.
    """
    here = changes.project_id == actor.project.id
    if not works_blind(actor):
        return here
    nobodys = or_(changes.author_id.is_(None), changes.thing == "article")
    done = exists().where(unveiled.article_id == changes.article_id, unveiled.user_id == actor.id)
    both = and_(changes.thing == "link", _end_unveiled(actor, "from"), _end_unveiled(actor, "to"))
    return and_(here, or_(nobodys, changes.author_id == actor.id, done, both))


def _end_unveiled(actor: Actor, end: str) -> ColumnElement[bool]:
    """A link's end lies in an article that the actor is done with.

    Both link and annotation may be gone, so their first changes are asked.
    """
    made, tagged = aliased(Change), aliased(Change)
    return exists().where(
        made.thing_id == changes.thing_id,
        tagged.thing_id == cast(made.after[end].as_string(), Id),
        unveiled.article_id == tagged.article_id,
        unveiled.user_id == actor.id,
    )


def told() -> Select[*tuple[Any, ...]]:
    """The settled changes, each with its actor's name."""
    return (
        select(Change.__table__, users.name.label("actor_name"))
        .select_from(Change.__table__)
        .outerjoin(User.__table__, users.id == changes.actor_id)
        .where(settled())
    )


def head(project_id: str) -> Position:
    """The position of the last settled change of a project."""
    row = (
        session()
        .execute(
            select(changes.tx, changes.seq, changes.thing_id, changes.at)
            .where(changes.project_id == project_id, settled())
            .order_by(changes.tx.desc(), changes.seq.desc())
            .limit(1)
        )
        .one_or_none()
    )
    return position_at(row) if row else BEGINNING


def position_named(project_id: str, after: str | None) -> Position:
    """The position that a caller names: a cursor, `now`, or None for the beginning.

    Gone where the change that the cursor stands after is not in this database (any more).
    """
    if after is None:
        return BEGINNING
    if after == PRESENT:
        return head(project_id)
    position = position_of(project_id, after)
    if position != BEGINNING and not _is_known(project_id, position):
        raise Gone(LOST, code="cursor_lost")
    return position


def marked(positions: Iterable[Position]) -> dict[Position, Position]:
    """Positions with the marks of the changes they stand after, by what equals them."""
    known = {position: position for position in positions}
    for row in _at(known):
        if (found := position_at(row)) in known:
            known[found] = found
    return known


def _is_known(project_id: str, position: Position) -> bool:
    rows = [row for row in _at([position]) if row.project_id == project_id]
    return any(
        (found := position_at(row)) == position and found.mark == position.mark for row in rows
    )


def _at(positions: Iterable[Position]) -> Iterable[Row[Any]]:
    numbers = [position.seq for position in positions]
    columns = (changes.project_id, changes.tx, changes.seq, changes.thing_id, changes.at)
    return session().execute(select(*columns).where(changes.seq.in_(numbers)))


def read(actor: Actor, position: Position, limit: int) -> Batch:
    """At most `limit` changes after the position.

    Where the actor may not see everything, the position moves past what is hidden, so that it
    is not looked through again with every look.
    """
    end = max(head(actor.project.id), position) if works_blind(actor) else None
    statement = told().where(seen_by(actor), after(position))
    if end is not None:
        statement = statement.where(up_to(end))
    rows = list(session().execute(statement.order_by(*ORDER).limit(limit + 1)))
    if len(rows) > limit:
        return Batch(rows[:limit], position_at(rows[limit - 1]), True)
    if end is None:
        end = position_at(rows[-1]) if rows else position
    return Batch(rows, end, False)
