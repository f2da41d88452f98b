"""What comes in and goes out of an article's texts: a new one, and the earlier ones."""

from marshmallow import fields

from app.articles.schemas import AuthorOut, LengthsOut, RegionIn, whole_text
from app.web.fields import Choice, IdField, Ordinal, Strict, When


class TextIn(Strict):
    """A new text of an article, kept exactly as sent."""

    text = whole_text()


class RevisionOut(Strict):
    """One text that an article had."""

    number = Ordinal(required=True)
    text_sha256 = fields.String(required=True)
    length = fields.Nested(LengthsOut, required=True)
    text = fields.String()
    author = fields.Nested(AuthorOut, required=True)
    created_at = When(required=True)


class FollowedOut(Strict):
    """An annotation that followed the text, or could not, and the version it has now."""

    id = IdField(required=True)
    version = Ordinal(required=True)


class UncertainOut(FollowedOut):
    """An annotation whose place someone should look at; the higher the score, the likelier."""

    score = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})


class RevisedOut(Strict):
    """What a new text did: `changed` is false where it was the present text already."""

    id = IdField(required=True)
    revision = Ordinal(required=True)
    version = Ordinal(required=True)
    changed = fields.Boolean(required=True)
    text_sha256 = fields.String(required=True)
    length = fields.Nested(LengthsOut, required=True)
    state = Choice(("open", "adjudicated"), required=True)
    regions = fields.List(fields.Nested(RegionIn), required=True)
    lost_regions = fields.List(fields.Nested(RegionIn), required=True)
    kept = fields.List(fields.Nested(FollowedOut), required=True)
    moved = fields.List(fields.Nested(FollowedOut), required=True)
    uncertain = fields.List(fields.Nested(UncertainOut), required=True)
    orphaned = fields.List(fields.Nested(FollowedOut), required=True)


class RevisionPage(Strict):
    """A page of revisions, without their texts."""

    items = fields.List(fields.Nested(RevisionOut), required=True)
    next = fields.String(required=True, allow_none=True)
