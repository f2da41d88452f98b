"""What comes in and goes out of verdicts."""

from marshmallow import fields

from app.annotations.schemas import VERDICTS
from app.articles.schemas import AuthorOut
from app.web.fields import Choice, Flag, IdField, Ordinal, Strict, When, Words


class VerdictIn(Strict):
    """What the evidence says of a claim, and why."""

    label = Choice(VERDICTS, required=True)
    justification = Words(20_000, required=True)


class VerdictOut(Strict):
    """A verdict: of `version` of the annotation; `stands` while that is the present one."""

    annotation_id = IdField(required=True)
    label = Choice(VERDICTS, required=True)
    justification = fields.String(required=True)
    by = fields.Nested(AuthorOut, required=True)
    version = Ordinal(required=True)
    stands = Flag(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)
