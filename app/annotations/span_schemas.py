"""Spans as they come in and go out, by themselves and as the parts of an attribution."""

from typing import Any

from marshmallow import fields, validate

from app.articles.schemas import OFFSET, UNITS
from app.kernel.sentences import Sentence
from app.web.fields import Choice, Count, Strict

QUOTE: dict[str, Any] = {"type": "string"}
_MOST_SPANS = Sentence("At most 64 spans.", "length")


class FragmentIn(Strict):
    """One piece of a discontinuous span."""

    start = fields.Raw(required=True, metadata=OFFSET)
    end = fields.Raw(required=True, metadata=OFFSET)
    exact = fields.Raw(metadata=QUOTE, allow_none=True)
    unit = Choice(UNITS, allow_none=True)


class SpanIn(Strict):
    """A span: offsets, or a quote for the server to find, or both for it to compare.

    Null is as good as nothing.
    """

    start = fields.Raw(metadata=OFFSET, allow_none=True)
    end = fields.Raw(metadata=OFFSET, allow_none=True)
    exact = fields.Raw(metadata=QUOTE, allow_none=True)
    prefix = fields.Raw(metadata=QUOTE, allow_none=True)
    suffix = fields.Raw(metadata=QUOTE, allow_none=True)
    unit = Choice(UNITS, allow_none=True)
    fragments = fields.List(fields.Nested(FragmentIn), allow_none=True)


def _spans() -> fields.Field[Any]:
    few = validate.Length(max=64, error=_MOST_SPANS)
    return fields.List(fields.Nested(SpanIn), validate=few, allow_none=True)


class PartsIn(Strict):
    """The parts of an attribution; each may be empty."""

    source = _spans()
    cue = _spans()
    content = _spans()
    antecedent = _spans()


class FragmentOut(Strict):
    """One piece of a span, with the text it marks."""

    start = Count(required=True)
    end = Count(required=True)
    exact = fields.String(required=True)
    unit = Choice(UNITS)


class TargetOut(FragmentOut):
    """The span: `start` and `end` are the envelope where there are fragments."""

    prefix = fields.String(required=True)
    suffix = fields.String(required=True)
    unit = Choice(UNITS, required=True)
    fragments = fields.List(fields.Nested(FragmentOut))


class PartsOut(Strict):
    """The parts of an attribution."""

    source = fields.List(fields.Nested(FragmentOut), required=True)
    cue = fields.List(fields.Nested(FragmentOut), required=True)
    content = fields.List(fields.Nested(FragmentOut), required=True)
    antecedent = fields.List(fields.Nested(FragmentOut), required=True)
