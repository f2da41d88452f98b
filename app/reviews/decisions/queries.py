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
from app.reviews.decisions.things import Reviewable, Statement

decisions, users = Decision.__table__.c, User.__table__.c
_NEEDED = (
    *("id", "state", "version", "author_id"),
    *("article_id", "anchoring", "anchoring_score"),  # of annotations alone
)


def check_visible(actor: Actor, subject: Reviewable, thing_id: str) -> None:
    """NotFound unless the actor may see the thing."""
    own_id = subject.columns.id
    statement = subject.visible(actor).with_only_columns(own_id).where(own_id == thing_id)
    if session().execute(statement).one_or_none() is None:
        raise NotFound(f"There is no such {subject.noun}.")


def get_for_decision(actor: Actor, subject: Reviewable, thing_id: str) -> Annotation | Link:
    """The thing, held against others until the decision stands.

    Whoever decides at the same moment waits here, and then sees what was decided.
    """
    check_visible(actor, subject, thing_id)
    model: type[Any] = subject.model
    found: Annotation | Link | None = session().get(
        model, thing_id, with_for_update={"key_share": True}
    )
    if found is not None:
        return found
    raise NotFound(f"There is no such {subject.noun}.")


def of_thing(subject: Reviewable, thing_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the decisions on one thing, oldest first, with the names of those who decided."""
    statement = (
        select(Decision.__table__, users.name.label("user_name"))
        .select_from(Decision.__table__)
        .join(User.__table__, users.id == decisions.user_id)
        .where(subject.column == thing_id)
    )
    return page_of(statement, [(decisions.id, str)], ask, name="decisions")


def among(actor: Actor, subject: Reviewable, ids: Sequence[str]) -> list[Row[Any]]:
    """Those of these things that the actor may see, held until the decisions stand."""
    statement = subject.visible(actor).where(subject.columns.id.in_(ids))
    return _held(subject, statement)


def matching(
    actor: Actor, subject: Reviewable, filters: dict[str, Any], limit: int
) -> list[Row[Any]]:
    """The things that the filters let through, at most `limit`, held likewise."""
    statement = subject.filtered(actor, subject.visible(actor), filters).limit(limit)
    return _held(subject, statement)


def _held(subject: Reviewable, statement: Statement) -> list[Row[Any]]:
    columns = subject.columns
    needed = [columns[name] for name in _NEEDED if name in columns]
    # In the order of ids, so that two batches never wait for each other.
    held = statement.with_only_columns(*needed).order_by(columns.id)
    return list(session().execute(held.with_for_update(key_share=True, of=subject.model.__table__)))
