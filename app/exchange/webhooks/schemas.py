"""What comes in and goes out of webhooks."""

from typing import Any

from marshmallow import fields, validate

from app.exchange.webhooks.events import PATTERN
from app.kernel.sentences import Sentence
from app.web.fields import Choice, Count, Flag, IdField, Ordinal, Shaped, Strict, Text, When, Whole

STATUSES = ("pending", "delivered", "failed", "superseded")
_PATTERN = Sentence("A pattern is `*`, `thing.*` or `thing.action`, in lower case.", "bad_pattern")
_FEW = Sentence("From 1 to 50 patterns.", "length")
_AFTER = "A cursor of the change feed, or `now`; what is not after it is not sent. Null: all is."


def _events(**more: Any) -> fields.List[str]:
    each = Shaped(PATTERN, _PATTERN)
    told = "Such as `*`, `annotation.*` or `link.created`; a change is sent if one of them fits."
    return fields.List(
        each,
        validate=validate.Length(1, 50, error=_FEW),
        metadata={"description": told},
        **more,
    )


class WebhookIn(Strict):
    """A new webhook."""

    url = Text(2000, low=1, required=True)
    events = _events(load_default=lambda: ["*"])
    active = Flag(load_default=True)
    after = fields.String(load_default="now", allow_none=True, metadata={"description": _AFTER})


class WebhookPatch(Strict):
    """A merge patch of a webhook. Making it active clears what it was paused for."""

    url = Text(2000, low=1)
    events = _events()
    active = Flag()


class ReplayIn(Strict):
    """From where to send again."""

    after = fields.String(required=True, allow_none=True, metadata={"description": _AFTER})


class PausedOut(Strict):
    """Why nothing is sent."""

    code = fields.String(required=True)
    detail = fields.String(required=True)
    at = When(required=True)


class WebhookOut(Strict):
    """A webhook. `secret` is told when it is made, and never again."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    active = Flag(required=True)
    paused = fields.Nested(PausedOut, required=True, allow_none=True)
    cursor = fields.String(
        required=True, metadata={"description": "Up to here the receiver has everything."}
    )
    failures = Count(required=True)
    created_by = IdField(required=True)
    secret = fields.String()
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class WebhookPage(Strict):
    """A page of webhooks."""

    items = fields.List(fields.Nested(WebhookOut), required=True)
    next = fields.String(required=True, allow_none=True)


class DeliveryOut(Strict):
    """One batch that was sent: the changes after one cursor and up to another."""

    id = IdField(required=True)
    after = fields.String(required=True)
    up_to = fields.String(required=True)
    changes = Count(low=1, required=True)
    attempts = Count(required=True)
    status = Choice(STATUSES, required=True)
    next_at = When(required=True, allow_none=True)
    http_status = Whole(100, 999, required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    created_at = When(required=True)
    finished_at = When(required=True, allow_none=True)


class DeliveryPage(Strict):
    """A page of deliveries, the newest first."""

    items = fields.List(fields.Nested(DeliveryOut), required=True)
    next = fields.String(required=True, allow_none=True)
