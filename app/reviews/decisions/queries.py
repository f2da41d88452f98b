"""Selects about decisions, and of what is to be decided on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.links.models import Link
from app.reviews.decisions.models import Decision
from app.reviews.decisions.things import Kind, Statement

decisions, users = Decision.__table__.c, User.__table__.c
_NEEDED = (
    *("id", "state", "version", "author_id"),
    *("article_id", "anchoring", "anchoring_score"),  # of annotations alone
)


def check_visible(actor: Actor, kind: Kind, thing_id: str) -> None:
    """NotFound unless the actor may see the thing."""
    own_id = kind.columns.id
    statement = kind.visible(actor).with_only_columns(own_id).where(own_id == thing_id)
    if session().execute(statement).one_or_none() is None:
        raise NotFound(f"There is no such {kind.noun}.")


def get_for_decision(actor: Actor, kind: Kind, thing_id: str) -> Annotation | Link:
    """The thing, held against others until the decision stands.

    Whoever decides at the same moment waits here, and then sees what was decided.
    """
    check_visible(actor, kind, thing_id)
    model: type[Any] = kind.model
    found: Annotation | Link | None = session().get(
        model, thing_id, with_for_update={"key_share": True}
    )
    if found is not None:
        return found
    raise NotFound(f"There is no such {kind.noun}.")


def of_thing(kind: Kind, thing_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the decisions on one thing, oldest first, with the names of those who decided."""
    statement = (
        select(Decision.__table__, users.name.label("user_name"))
        .select_from(Decision.__table__)
        .join(User.__table__, users.id == decisions.user_id)
        .where(kind.column == thing_id)
    )
    return page_of(statement, [(decisions.id, str)], ask, name="decisions")


def among(actor: Actor, kind: Kind, ids: Sequence[str]) -> list[Row[Any]]:
    """Those of these things that the actor may see, held until the decisions stand."""
    statement = kind.visible(actor).where(kind.columns.id.in_(ids))
    return _held(kind, statement)


def matching(actor: Actor, kind: Kind, filters: dict[str, Any], limit: int) -> list[Row[Any]]:
    """The things that the filters let through, at most `limit`, held likewise."""
    statement = kind.filtered(actor, kind.visible(actor), filters).limit(limit)
    return _held(kind, statement)


def _held(kind: Kind, statement: Statement) -> list[Row[Any]]:
    columns = kind.columns
    needed = [columns[name] for name in _NEEDED if name in columns]
    # In the order of ids, so that two batches never wait for each other.
    held = statement.with_only_columns(*needed).order_by(columns.id)
    return list(session().execute(held.with_for_update(key_share=True, of=kind.model.__table__)))
