"""What comes in and goes out of decisions."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.annotations.schemas import AnnotationsQuery
from app.annotations.states import STATES
from app.articles.schemas import AuthorOut
from app.kernel.sentences import Sentence
from app.links.schemas import LinksQuery
from app.reviews.lists import Ids
from app.reviews.workflow import Action
from app.web.fields import Choice, Count, Flag, Free, IdField, Ordinal, Strict, Text, When

ACTIONS = tuple(action.value for action in Action)
_ONE = Sentence("Give either ids or a filter.", "ids_or_filter")


class ReviewIn(Strict):
    """A step through review; `reason` is needed to reject and to request changes."""

    action = Choice(ACTIONS, required=True)
    reason = Text(10_000, allow_none=True)


class AnnotationFilter(AnnotationsQuery):
    """Which annotations, as their list is filtered."""

    class Meta(Strict.Meta):
        exclude = ("limit", "after", "unit")

    linked = Flag()


class LinkFilter(LinksQuery):
    """Which links, as their list is filtered."""

    class Meta(Strict.Meta):
        exclude = ("limit", "after")

    cross_article = Flag()


class Filter(Free):
    """The filters of the list of annotations, or of links; read once it is known of which."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        told = "The filters of the list of annotations, or of links."
        self.metadata = {**self.metadata, "description": told}


class Versions(Free):
    """Id → the version that the caller saw."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> dict[str, int]:
        given = super()._deserialize(value, *args, **more)
        faults = {
            name: [Sentence("A version is a whole number.", "not_an_integer")]
            for name, version in given.items()
            if isinstance(version, bool) or not isinstance(version, int)
        }
        if faults:
            raise ValidationError(faults)
        return {name.lower(): version for name, version in given.items()}


class BatchIn(ReviewIn):
    """One step for many things: those with these ids, or those that a filter lets through."""

    of = Choice(("annotations", "links"), load_default="annotations")
    ids = Ids()
    filter = Filter()
    versions = Versions()
    mode = Choice(("atomic", "best_effort"), load_default="best_effort")

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if ("ids" in data) == ("filter" in data):
            raise ValidationError({"ids": [_ONE]})


class ItemProblem(Strict):
    """Why one thing was left as it is."""

    code = fields.String(required=True)
    detail = fields.String(required=True)
    legal = fields.List(
        Choice(ACTIONS), metadata={"description": "What its state allows, to whomsoever."}
    )
    yours = fields.List(Choice(ACTIONS), metadata={"description": "What of that is yours to do."})


class ItemOut(Strict):
    """What became of one thing; `state` and `version` are those that stand now."""

    id = IdField(required=True)
    ok = Flag(required=True)
    state = Choice(STATES)
    version = Ordinal()
    problem = fields.Nested(ItemProblem)


class BatchOut(Strict):
    """A result for each thing, and how many there are of both sorts."""

    items = fields.List(fields.Nested(ItemOut), required=True)
    done = Count(required=True)
    refused = Count(required=True)


class DecisionOut(Strict):
    """One decision: `version` is the version of the thing that it made."""

    id = IdField(required=True)
    action = Choice(ACTIONS, required=True)
    from_state = Choice(STATES, required=True, data_key="from")
    to_state = Choice(STATES, required=True, data_key="to")
    reason = fields.String(required=True, allow_none=True)
    version = Ordinal(required=True)
    by = fields.Nested(AuthorOut, required=True)
    at = When(required=True)


class DecisionPage(Strict):
    """A page of decisions, oldest first."""

    items = fields.List(fields.Nested(DecisionOut), required=True)
    next = fields.String(required=True, allow_none=True)
