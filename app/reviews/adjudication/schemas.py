"""What comes in and goes out of adjudication."""

from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.annotations.kinds import KINDS
from app.annotations.schemas import CONFIDENCES, Attributes
from app.annotations.span_schemas import PartsIn, SpanIn
from app.articles.schemas import AuthorOut
from app.kernel.sentences import Sentence
from app.links.schemas import BASES, INDEPENDENCE, RELATIONS
from app.reviews.lists import Ids
from app.web.fields import Choice, Flag, IdField, Ordinal, Strict, Text, When, Whole

_ONE = Sentence("Give either accept or reject.", "accept_or_reject")
_REASON = Sentence("To reject, say why in `reason`.", "reason_missing")
_UNUSED = Sentence("What is rejected is not changed.", "unexpected")
_NOTHING = Sentence(
    "There is nothing to do: decide, withdraw, name a strategy or be done.", "empty"
)
_MOST_TAGS = Sentence("At most 50 tags.", "length")


class _Decision(Strict):
    accept = Ids()
    reject = Ids()
    reason = Text(10_000, allow_none=True)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        if ("accept" in data) == ("reject" in data):
            raise ValidationError({"accept": [_ONE]})
        if "accept" in data:
            return
        if not (data.get("reason") or "").strip():
            raise ValidationError({"reason": [_REASON]})
        if unused := _others(data, ("reject", "reason")):
            raise ValidationError({name: [_UNUSED] for name in unused})


def _others(data: dict[str, Any], known: Iterable[str]) -> list[str]:
    return sorted(data.keys() - set(known))


class SpanDecisionIn(_Decision):
    """Accept annotations into one, or reject them.

    What is accepted says what the first of them says, but for what is given here; `attributes`
    is a merge patch over its attributes.
    """

    kind = Choice(tuple(KINDS))
    target = fields.Nested(SpanIn)
    parts = fields.Nested(PartsIn, allow_none=True)
    attributes = Attributes(allow_none=True)
    tags = fields.List(
        Text(100, low=1), allow_none=True, validate=validate.Length(max=50, error=_MOST_TAGS)
    )
    note = Text(10_000, allow_none=True)
    confidence = Choice(CONFIDENCES, allow_none=True)


class LinkDecisionIn(_Decision):
    """Accept links of one pair into one, or reject them; it says what the first says otherwise."""

    relation = Choice(RELATIONS)
    basis = Choice(BASES, allow_none=True)
    independence = Choice(INDEPENDENCE, allow_none=True)
    rationale = Text(10_000, allow_none=True)
    confidence = Choice(CONFIDENCES, allow_none=True)


class StrategyIn(Strict):
    """Accept all that at least so many annotators marked exactly alike and nobody decided on."""

    accept_exact = Whole(1, 50, required=True)
    attributes = Flag(
        load_default=True, says="Whether attributes, parts and tags must be alike as well."
    )


class AdjudicationIn(Strict):
    """What to decide; all of it happens, or nothing."""

    decisions = fields.List(fields.Nested(SpanDecisionIn))
    links = fields.List(fields.Nested(LinkDecisionIn))
    strategy = fields.Nested(StrategyIn)
    withdraw = Ids(says="Earlier decisions to take back, with what they made.")
    done = Flag(load_default=False, says="Whether the article is adjudicated with this.")

    @validates_schema
    def _does_something(self, data: dict[str, Any], **_: Any) -> None:
        if not any(data.values()):
            raise ValidationError({"decisions": [_NOTHING]})


class ReopenIn(Strict):
    """Nothing needs to be said."""


class OriginOut(Strict):
    """What a decision is about, and the version that it was decided on."""

    id = IdField(required=True)
    version = Ordinal(required=True)
    author = fields.Nested(AuthorOut, required=True)


class AdjudicationOut(Strict):
    """One decision: what it is about, and the adjudicated annotation or link that it made."""

    id = IdField(required=True)
    about = Choice(("annotation", "link"), required=True)
    action = Choice(("accept", "reject"), required=True)
    how = Choice(("decided", "strategy", "carried"), required=True)
    origins = fields.List(fields.Nested(OriginOut), required=True, data_key="from")
    result = IdField(required=True, allow_none=True)
    changed = fields.List(fields.String(), required=True)
    reason = fields.String(required=True, allow_none=True)
    by = fields.Nested(AuthorOut, required=True)
    at = When(required=True)


class AdjudicatedArticleOut(Strict):
    """The article, and whether it is adjudicated."""

    id = IdField(required=True)
    state = Choice(("open", "adjudicated"), required=True)
    version = Ordinal(required=True)


class UndecidedOut(Strict):
    """Ids of what is left to be decided on."""

    annotations = fields.List(IdField(), required=True)
    links = fields.List(IdField(), required=True)


class AdjudicatedOut(Strict):
    """What was decided, how the article stands, and what is left."""

    article = fields.Nested(AdjudicatedArticleOut, required=True)
    items = fields.List(fields.Nested(AdjudicationOut), required=True)
    undecided = fields.Nested(UndecidedOut, required=True)


class AdjudicationPage(AdjudicatedOut):
    """A page of decisions, oldest first."""

    next = fields.String(required=True, allow_none=True)
