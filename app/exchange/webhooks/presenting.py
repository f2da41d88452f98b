"""Webhooks and deliveries as the wire has them."""

from typing import Any

from sqlalchemy import Row

from app.exchange.feed.positions import Position, cursor_at
from app.exchange.webhooks.models import Webhook

Json = dict[str, Any]


def present(webhook: Webhook | Row[Any]) -> Json:
    """A webhook, without its secret."""
    return {
        "id": webhook.id,
        "project_id": webhook.project_id,
        "url": webhook.url,
        "events": webhook.events,
        "active": webhook.active,
        "paused": webhook.paused,
        "cursor": cursor_at(webhook.project_id, Position(webhook.cursor_tx, webhook.cursor_seq)),
        "failures": webhook.failures,
        "created_by": webhook.created_by,
        "version": webhook.version,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }


def present_delivery(project_id: str, row: Row[Any]) -> Json:
    """A batch that was sent, or is yet to be."""
    return {
        "id": row.id,
        "after": cursor_at(project_id, Position(row.from_tx, row.from_seq)),
        "up_to": cursor_at(project_id, Position(row.to_tx, row.to_seq)),
        "changes": row.changes,
        "attempts": row.attempts,
        "status": row.status,
        "next_at": row.next_at,
        "http_status": row.http_status,
        "error": row.error,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
    }
