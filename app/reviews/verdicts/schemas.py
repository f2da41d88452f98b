"""What comes in and goes out of verdicts."""

from marshmallow import fields

from app.articles.schemas import AuthorOut
from app.web.fields import Choice, Flag, IdField, Strict, Text, When, Whole

LABELS = ("supported", "refuted", "not_enough_evidence", "conflicting")


class VerdictIn(Strict):
    """What the evidence says of a claim, and why."""

    label = Choice(LABELS, required=True)
    justification = Text(20_000, low=1, required=True)


class VerdictOut(Strict):
    """A verdict: of `version` of the annotation; `stands` while that is the present one."""

    annotation_id = IdField(required=True)
    label = Choice(LABELS, required=True)
    justification = fields.String(required=True)
    by = fields.Nested(AuthorOut, required=True)
    version = Whole(1, 2**31 - 1, required=True)
    stands = Flag(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)
