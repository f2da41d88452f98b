"""Selects about webhooks and their deliveries."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from app.accounts.models import User
from app.exchange.feed.positions import Position
from app.exchange.feed.queries import ORDER, after, changes, settled, told, up_to
from app.exchange.webhooks.events import wanted
from app.exchange.webhooks.models import Delivery, Webhook
from app.kernel.actor import Actor, Role
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door
from app.projects.models import Membership, Project

webhooks, deliveries = Webhook.__table__.c, Delivery.__table__.c
projects, members, users = Project.__table__.c, Membership.__table__.c, User.__table__.c
DOOR = Door(
    select(webhooks.project_id).where(webhooks.id == bindparam("thing", type_=webhooks.id.type)),
    "webhook",
)


def get(actor: Actor, webhook_id: str, *, to_change: bool = False) -> Webhook:
    """One webhook of the project entered; locked where it is to be changed, since attempts
    are written down beside."""
    found = session().get(Webhook, webhook_id, with_for_update=to_change or None)
    if found is None or found.project_id != actor.project.id:
        raise NotFound("There is no such webhook.")
    return found


def listed(actor: Actor, ask: PageAsk) -> Page[Row[Any]]:
    """A page of the project's webhooks in the order they were made."""
    statement = select(Webhook.__table__).where(webhooks.project_id == actor.project.id)
    return page_of(statement, [(webhooks.id, str)], ask, name="webhooks")


def count(actor: Actor) -> int:
    """How many webhooks the project has."""
    here = webhooks.project_id == actor.project.id
    return session().scalar(select(func.count()).select_from(Webhook).where(here)) or 0


def deliveries_of(webhook_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """A page of what was sent to a webhook, the newest first."""
    statement = select(Delivery.__table__).where(deliveries.webhook_id == webhook_id)
    return page_of(statement, [(deliveries.id, str)], ask, name="deliveries", descending=True)


def _is_due() -> ColumnElement[bool]:
    moment = now()
    free = or_(webhooks.lease.is_(None), webhooks.leased_until < moment)
    return and_(webhooks.active, webhooks.due_at <= moment, free)


def due(limit: int) -> list[str]:
    """The ids of webhooks that something waits for: those that failed the least come first,
    and of these the longest waiting."""
    waiting = exists().where(
        changes.project_id == webhooks.project_id,
        tuple_(*ORDER) > tuple_(webhooks.cursor_tx, webhooks.cursor_seq),
        settled(),
    )
    statement = select(webhooks.id).where(_is_due(), waiting)
    return list(
        session().scalars(
            statement.order_by(webhooks.failures, webhooks.due_at, webhooks.id).limit(limit)
        )
    )


def find_claimable(webhook_id: str) -> Row[Any] | None:
    """A webhook that is due, locked; None where another process has it, or had."""
    statement = (
        select(Webhook.__table__)
        .where(webhooks.id == webhook_id, _is_due())
        .with_for_update(skip_locked=True)
    )
    return session().execute(statement).one_or_none()


def find_standing(webhook: Row[Any]) -> Row[Any] | None:
    """The project of a webhook, as long as whoever made it still manages the project."""
    statement: Select[*tuple[Any, ...]] = (
        select(Project.__table__)
        .join(Membership.__table__, members.project_id == projects.id)
        .join(User.__table__, users.id == members.user_id)
        .where(
            projects.id == webhook.project_id,
            users.id == webhook.created_by,
            members.role >= Role.manager,
            users.disabled_at.is_(None),
        )
    )
    return session().execute(statement).one_or_none()


def find_pending(webhook_id: str) -> Row[Any] | None:
    """The delivery that was tried and not received yet."""
    return (
        session()
        .execute(
            select(Delivery.__table__)
            .where(deliveries.webhook_id == webhook_id, deliveries.status == "pending")
            .order_by(deliveries.id.desc())
            .limit(1)
        )
        .one_or_none()
    )


def changes_between(
    webhook: Row[Any], start: Position, end: Position, limit: int | None = None
) -> list[Row[Any]]:
    """What a webhook wants of the changes after one position and up to another, in order."""
    here = changes.project_id == webhook.project_id
    statement = told().where(here, after(start), up_to(end), wanted(webhook.events))
    return list(session().execute(statement.order_by(*ORDER).limit(limit)))
