"""What comes in and goes out of annotations.

The attributes of each kind are described in `kinds`; offsets are checked against the text by
`spans.resolve`. What is left for these schemas is the shape around them.
"""

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.annotations.kinds import KINDS
from app.annotations.kinds.as_jsonschema import kind_schema
from app.annotations.span_schemas import PartsIn, PartsOut, SpanIn, TargetOut
from app.annotations.states import STATES
from app.articles.schemas import UNITS, AuthorOut
from app.kernel.sentences import Sentence
from app.web.fields import (
    Choice,
    Count,
    Flag,
    Free,
    IdField,
    Ordinal,
    PageQuery,
    Strict,
    Text,
    When,
)

Json = dict[str, Any]
CONFIDENCES = ("low", "medium", "high")
VERDICTS = ("supported", "refuted", "not_enough_evidence", "conflicting")
ORIGINS = ("human", "machine", "import")
ANCHORINGS = ("sure", "uncertain", "orphaned")
KIND_SCHEMAS = {f"{kind.name.title()}Attributes": kind_schema(kind) for kind in KINDS.values()}
"""The attributes of each kind, as the description names and describes them."""
_MOST_TAGS = Sentence("At most 50 tags.", "length")


class Attributes(Free):
    """The attributes of the annotation's kind."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        known: list[Json] = [{"$ref": f"#/components/schemas/{name}"} for name in KIND_SCHEMAS]
        if self.allow_none:
            known.append({"type": "null"})
        self.metadata = {"type": "object", "description": "By its kind.", "anyOf": known}


class Score(fields.Field[float]):
    """How sure a machine was, from 0 to 1."""

    def __init__(self, **more: Any) -> None:
        super().__init__(metadata={"type": "number", "minimum": 0, "maximum": 1}, **more)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> float:
        is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        if not (is_number and 0 <= value <= 1):
            raise ValidationError(Sentence("A number from 0 to 1 is expected here.", "bad_score"))
        return float(value)


class AnnotationFields(Strict):
    """What can be said of an annotation."""

    kind = Choice(tuple(KINDS), required=True)
    target = fields.Nested(SpanIn, required=True)
    parts = fields.Nested(PartsIn, allow_none=True)
    attributes = Attributes(allow_none=True)
    tags = fields.List(
        Text(100, low=1), allow_none=True, validate=validate.Length(max=50, error=_MOST_TAGS)
    )
    note = Text(10_000, allow_none=True)
    confidence = Choice(CONFIDENCES, allow_none=True)
    origin = Choice(ORIGINS)
    score = Score(allow_none=True)
    external_id = Text(200, low=1, allow_none=True)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("score") is not None and data.get("origin") != "machine":
            told = Sentence("A score goes with the origin machine.", "score_unexpected")
            raise ValidationError({"score": [told]})
        some_parts = any((data.get("parts") or {}).values())
        if some_parts and not KINDS[data["kind"]].has_parts:
            told = Sentence(f"A {data['kind']} has no parts.", "parts_unexpected")
            raise ValidationError({"parts": [told]})


class AnnotationIn(AnnotationFields):
    """A new annotation. `revision` is the text that its offsets count in: 409 if it is another."""

    state = Choice(("draft", "submitted"), load_default="draft")
    revision = Ordinal()


class AnnotationPatch(AnnotationFields):
    """A merge patch of an annotation: null removes, objects merge, lists are replaced."""

    kind = Choice(tuple(KINDS))
    target = fields.Nested(SpanIn)
    anchoring = Choice(
        ("sure",), metadata={"description": "Says that an uncertain one is where it belongs."}
    )

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        """What fits together is asked of the patched whole."""


class CountsOut(Strict):
    """How many links of each relation."""

    corroborates = Count(required=True)
    contradicts = Count(required=True)


class JudgedOut(Strict):
    """The verdict on a claim; `stands` while it is of the version that stands now."""

    label = Choice(VERDICTS, required=True)
    justification = fields.String(required=True)
    by = fields.Nested(AuthorOut, required=True)
    at = When(required=True)
    stands = Flag(required=True)


class AnnotationOut(Strict):
    """An annotation."""

    id = IdField(required=True)
    article_id = IdField(required=True)
    project_id = IdField(required=True)
    revision = Ordinal(required=True)
    kind = fields.String(required=True)
    target = fields.Nested(TargetOut, required=True)
    parts = fields.Nested(PartsOut)
    attributes = Attributes(required=True)
    tags = fields.List(fields.String(), required=True)
    note = fields.String(required=True, allow_none=True)
    confidence = Choice(CONFIDENCES, required=True, allow_none=True)
    origin = Choice(ORIGINS, required=True)
    score = Score(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    layer = Choice(("annotator", "adjudicated"), required=True)
    anchoring = Choice(ANCHORINGS, required=True)
    anchoring_score = Score(required=True, allow_none=True)
    external_id = fields.String(required=True, allow_none=True)
    author = fields.Nested(AuthorOut, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)
    reported_by = IdField(required=True, allow_none=True)
    verdict = fields.Nested(JudgedOut, required=True, allow_none=True)
    links = fields.Nested(CountsOut, required=True)


class AnnotationList(Strict):
    """What a list made."""

    items = fields.List(fields.Nested(AnnotationOut), required=True)


class AnnotationPage(AnnotationList):
    """A page of annotations, and how its offsets count."""

    next = fields.String(required=True, allow_none=True)
    unit = Choice(UNITS, required=True)


class UnitPageQuery(PageQuery):
    """Which page, and how its offsets count."""

    unit = Choice(UNITS, load_default="codepoint", says="How offsets count.")


class ArticleAnnotationsQuery(UnitPageQuery):
    """Which annotations of an article: of those that mark its present text, without more."""

    anchoring = Choice(
        ANCHORINGS, says="Those whose place in the present text is sure, uncertain, or lost."
    )


class AnnotationsQuery(UnitPageQuery):
    """Which annotations."""

    kind = Choice(tuple(KINDS), says="Only of this kind.")
    state = Choice(STATES, says="Only in this state of review.")
    layer = Choice(
        ("annotator", "adjudicated"), says="What annotators tagged, or what was adjudicated."
    )
    anchoring = Choice(
        ANCHORINGS, says="Those whose place in the present text is sure, uncertain, or lost."
    )
    author = IdField(says="Only by this person.")
    article = IdField(says="Only in this article.")
    tag = Text(100, low=1, says="Only with this tag, exactly.")
    source = Text(500, low=1, metadata={"description": "A source's id, name or alias."})
    topic = Text(200, low=1, says="Only claims with this topic, exactly.")
    origin = Choice(ORIGINS, says="Only those a human or a machine made, or an import.")
    external_id = Text(200, low=1, says="The one with this external id.")
    q = Text(200, low=1, metadata={"description": "A stretch of the quote, statement or note."})
    created_after = When(says="Only those made after this moment.")
    updated_after = When(says="Only those changed after this moment.")
    linked = Flag(text=True, says="Whether they have a link.")


class RestoreIn(Strict):
    """Which version to bring back."""

    version = Ordinal(required=True)


class VersionOut(Strict):
    """One change: who, when, and the fields before and after."""

    version = Ordinal(required=True)
    action = fields.String(required=True)
    by = fields.Nested(AuthorOut, required=True, allow_none=True)
    at = When(required=True)
    before = Free(required=True, allow_none=True)
    after = Free(required=True, allow_none=True)


class VersionPage(Strict):
    """Changes, oldest first."""

    items = fields.List(fields.Nested(VersionOut), required=True)
    next = fields.String(required=True, allow_none=True)
