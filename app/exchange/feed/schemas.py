"""What comes in and goes out of the feed."""

from marshmallow import fields

from app.articles.schemas import AuthorOut
from app.web.fields import Count, Flag, Free, IdField, PageQuery, Strict, When, Whole


class ChangesQuery(PageQuery):
    """Where to go on from, and how long to wait where nothing is new."""

    after = fields.String(
        metadata={"description": "A cursor, or `now`; from the very beginning without it."}
    )
    wait = Whole(0, 60, text=True, load_default=0, says="Seconds to wait where nothing is new.")


class ChangeOut(Strict):
    """One change. `before` and `after` hold whole documents when a thing begins or ends, and
    only the fields that changed otherwise."""

    cursor = fields.String(required=True)
    thing = fields.String(required=True)
    id = IdField(required=True)
    article_id = IdField(required=True, allow_none=True)
    version = Count(required=True)
    action = fields.String(required=True)
    actor = fields.Nested(AuthorOut, required=True, allow_none=True)
    at = When(required=True)
    before = Free(required=True, allow_none=True)
    after = Free(required=True, allow_none=True)


class ChangePage(Strict):
    """Some changes in order. `next` is always there, also when nothing is new."""

    items = fields.List(fields.Nested(ChangeOut), required=True)
    next = fields.String(required=True)
    has_more = Flag(required=True)
