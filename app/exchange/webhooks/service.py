"""Making, changing and replaying webhooks."""

from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import update

from app.exchange.feed.queries import position_named
from app.exchange.webhooks import queries, signing
from app.exchange.webhooks.addresses import NotAllowed, check_url
from app.exchange.webhooks.models import Delivery, Webhook
from app.exchange.webhooks.policy import RULES
from app.history.record import changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, invalid_field
from app.kernel.ids import new_id
from app.kernel.permissions import require

Json = dict[str, Any]
MOST = 20
"""Webhooks a project may have: each is sent everything anew."""


def create(actor: Actor, data: Json, *, allow_private: bool) -> Webhook:
    """A webhook, which begins after the cursor it is given."""
    require(RULES, "manage_webhooks", actor)
    if queries.count(actor) >= MOST:
        raise Conflict(f"A project has at most {MOST} webhooks.", code="too_many_webhooks")
    _check(data["url"], allow_private)
    start, moment = position_named(actor.project.id, data["after"]), now()
    webhook = Webhook(
        id=new_id(),
        project_id=actor.project.id,
        url=data["url"],
        events=data["events"],
        salt=signing.new_salt(),
        active=data["active"],
        created_by=actor.id,
        cursor_tx=start.tx,
        cursor_seq=start.seq,
        failures=0,
        due_at=moment,
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    session().add(webhook)
    session().flush()  # the answer shows it, so it must stand
    record(actor, "created", "webhook", webhook, after=_told(webhook))
    return webhook


def edit(actor: Actor, webhook: Webhook, data: Json, *, allow_private: bool) -> Webhook:
    """Change where, what and whether is sent. Made active, it is tried again at once."""
    require(RULES, "manage_webhooks", actor)
    before = _told(webhook)
    if _says(webhook, data):
        return webhook
    if "url" in data:
        _check(data["url"], allow_private)
    for name, value in data.items():
        setattr(webhook, name, value)
    if data.get("active"):
        webhook.paused, webhook.failures, webhook.due_at = None, 0, now()
    if "events" in data:
        _drop_pending(webhook)
    webhook.updated_at = now()
    session().flush()  # counts the version, and finds out who was outrun
    was, is_now = changed(before, _told(webhook))
    record(actor, "edited", "webhook", webhook, before=was, after=is_now)
    return webhook


def _says(webhook: Webhook, data: Json) -> bool:
    """Whether it is set so already; one in trouble is made active anew."""
    alike = all(getattr(webhook, name) == value for name, value in data.items())
    return alike and not (data.get("active") and (webhook.paused or webhook.failures))


def remove(actor: Actor, webhook: Webhook) -> None:
    """Send nothing any more."""
    require(RULES, "manage_webhooks", actor)
    record(actor, "deleted", "webhook", webhook, before=_told(webhook))
    session().delete(webhook)
    session().flush()  # the version is compared here, so that nobody's edit is deleted unseen


def replay(actor: Actor, webhook: Webhook, after: str | None) -> Webhook:
    """Send everything after the cursor (again). An attempt under way counts no more."""
    require(RULES, "manage_webhooks", actor)
    start = position_named(actor.project.id, after)
    _drop_pending(webhook)
    webhook.cursor_tx, webhook.cursor_seq = start.tx, start.seq
    webhook.failures, webhook.due_at, webhook.updated_at = 0, now(), now()
    session().flush()  # counts the version, and finds out who was outrun
    record(actor, "replayed", "webhook", webhook, after={})
    return webhook


def _drop_pending(webhook: Webhook) -> None:
    """Whatever batch is on its way or waits for another attempt counts no more."""
    webhook.lease = webhook.leased_until = None
    session().execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook.id, Delivery.status == "pending")
        .values(status="superseded", next_at=None, finished_at=now())
    )


def _check(url: str, allow_private: bool) -> None:
    try:
        check_url(url, allow_private=allow_private)
    except NotAllowed as refusal:
        raise invalid_field("/url", refusal.code, refusal.detail) from None


def _told(webhook: Webhook) -> Json:
    """What history keeps. Every member reads it, and a URL's path may be a secret."""
    host = urlsplit(webhook.url).hostname
    return {"host": host, "events": webhook.events, "active": webhook.active}
