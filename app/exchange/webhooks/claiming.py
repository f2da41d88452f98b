"""Taking a webhook in hand: which batch is next, and nobody else sends it meanwhile.

Any number of processes may deliver. A row lock lets one of them claim a webhook, and a lease
keeps it claimed while the batch is on its way, when no transaction is open. Where a process
dies, the lease runs out and the batch is sent again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, insert, update

from app.exchange.feed.positions import Position, cursor_at, position_at
from app.exchange.feed.presenting import present
from app.exchange.feed.queries import head, marked
from app.exchange.webhooks import queries
from app.exchange.webhooks.models import Delivery, Webhook
from app.kernel.clock import now
from app.kernel.db import Database, session, unit_of_work
from app.kernel.ids import new_id
from app.kernel.jsons import dumps

BATCH = 200
"""Changes that go out together."""

SPARE = timedelta(seconds=60)
"""How much longer a lease runs than an attempt may take."""

LEFT = "Whoever made this webhook manages the project no more."


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt to be made: which batch, in which bytes, up to which position."""

    webhook: Row[Any]
    lease: str
    delivery_id: str
    attempt: int
    end: Position
    body: bytes


def claim(of: Database, webhook_id: str, seconds: float) -> Job | None:
    """The next attempt of a webhook, which may take so many seconds.

    None where another process has it, or where nothing had to be sent after all.
    """
    with unit_of_work(of):
        webhook = queries.find_claimable(webhook_id)
        if webhook is None:
            return None
        project = queries.find_standing(webhook)
        if project is None:
            pause(webhook.id, "maker_left", LEFT)
            return None
        return _next_job(webhook, project, seconds)


def pause(webhook_id: str, code: str, detail: str) -> None:
    """Send nothing until somebody has read why and says to go on."""
    session().execute(
        update(Webhook)
        .where(Webhook.id == webhook_id)
        .values(
            active=False,
            paused={"code": code, "detail": detail, "at": now()},
            lease=None,
            leased_until=None,
            version=Webhook.version + 1,
            updated_at=now(),
        )
    )


def _next_job(webhook: Row[Any], project: Row[Any], seconds: float) -> Job | None:
    start = Position(webhook.cursor_tx, webhook.cursor_seq)
    pending = queries.find_pending(webhook.id)
    if pending is not None:
        end = Position(pending.to_tx, pending.to_seq)
        end = marked([end])[end]
        rows = queries.changes_between(webhook, start, end)
    else:
        end = head(webhook.project_id)
        rows = queries.changes_between(webhook, start, end, BATCH)
        if len(rows) == BATCH:
            end = position_at(rows[-1])
    if not rows:  # nothing that happened is wanted
        _update(webhook.id, cursor_tx=end.tx, cursor_seq=end.seq)
        return None
    delivery_id = pending.id if pending else _begin(webhook.id, start, end, len(rows))
    lease = new_id()
    until = now() + timedelta(seconds=seconds) + SPARE
    _update(webhook.id, lease=lease, leased_until=until)
    attempt = pending.attempts + 1 if pending else 1
    body = _body(webhook, project, delivery_id, rows, end)
    return Job(webhook, lease, delivery_id, attempt, end, body)


def _begin(webhook_id: str, start: Position, end: Position, count: int) -> str:
    id_ = new_id()
    session().execute(
        insert(Delivery).values(
            id=id_,
            webhook_id=webhook_id,
            from_tx=start.tx,
            from_seq=start.seq,
            to_tx=end.tx,
            to_seq=end.seq,
            changes=count,
            attempts=0,
            status="pending",
            next_at=now(),
            created_at=now(),
        )
    )
    return id_


def _update(webhook_id: str, **values: Any) -> None:
    session().execute(update(Webhook).where(Webhook.id == webhook_id).values(**values))


def _body(
    webhook: Row[Any], project: Row[Any], delivery_id: str, rows: list[Row[Any]], end: Position
) -> bytes:
    """The same bytes for every attempt of a batch."""
    return dumps(
        {
            "webhook": webhook.id,
            "delivery": delivery_id,
            "project": {"id": project.id, "slug": project.slug},
            "items": [present(project.id, row) for row in rows],
            "next": cursor_at(project.id, end),
        }
    )
