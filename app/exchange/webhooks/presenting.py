"""Webhooks and deliveries as the wire has them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from app.exchange.feed.positions import Position, cursor_at
from app.exchange.feed.queries import marked
from app.exchange.webhooks.models import Webhook

Json = dict[str, Any]


def present(webhook: Webhook | Row[Any]) -> Json:
    """A webhook, without its secret."""
    return present_all([webhook])[0]


def present_all(webhooks: Sequence[Webhook | Row[Any]]) -> list[Json]:
    """Webhooks, without their secrets."""
    places = [Position(webhook.cursor_tx, webhook.cursor_seq) for webhook in webhooks]
    known = marked(places)
    return [_present(one, known[place]) for one, place in zip(webhooks, places, strict=True)]


def present_deliveries(project_id: str, rows: Sequence[Row[Any]]) -> list[Json]:
    """Batches that were sent, or are yet to be."""
    first = [Position(row.from_tx, row.from_seq) for row in rows]
    last = [Position(row.to_tx, row.to_seq) for row in rows]
    known = marked([*first, *last])
    ends = zip(rows, first, last, strict=True)
    return [_delivery(project_id, row, known[one], known[other]) for row, one, other in ends]


def _present(webhook: Webhook | Row[Any], place: Position) -> Json:
    return {
        "id": webhook.id,
        "project_id": webhook.project_id,
        "url": webhook.url,
        "events": webhook.events,
        "active": webhook.active,
        "paused": webhook.paused,
        "cursor": cursor_at(webhook.project_id, place),
        "failures": webhook.failures,
        "created_by": webhook.created_by,
        "version": webhook.version,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def _delivery(project_id: str, row: Row[Any], after: Position, up_to: Position) -> Json:
    return {
        "id": row.id,
        "after": cursor_at(project_id, after),
        "up_to": cursor_at(project_id, up_to),
        "changes": row.changes,
        "attempts": row.attempts,
        "status": row.status,
        "next_at": row.next_at,
        "http_status": row.http_status,
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
