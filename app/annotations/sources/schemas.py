"""What comes in and goes out of sources.

The API's description calls them speakers: `SourceIn` there is where an article comes from.
"""

from marshmallow import fields, validate

from app.annotations.kinds.attribution import SOURCE_TYPES
from app.annotations.schemas import UnitPageQuery
from app.kernel.sentences import Sentence
from app.web.fields import Choice, IdField, Ordinal, PageQuery, Strict, Text, When, Words


class SourceFields(Strict):
    """A source: its name, what it is, and its other names. Merging may have given it many."""

    name = Words(500, required=True)
    type = Choice(SOURCE_TYPES, allow_none=True)
    aliases = fields.List(Words(500), allow_none=True)


def _sent_aliases() -> fields.List[str]:
    most = validate.Length(max=1000, error=Sentence("At most 1000 aliases.", "length"))
    return fields.List(Words(500), allow_none=True, validate=most)


class SpeakerIn(SourceFields):
    """A new source."""

    aliases = _sent_aliases()


class SpeakerPatch(SourceFields):
    """A merge patch of a source; aliases are replaced as a list."""

    name = Words(500)
    aliases = _sent_aliases()


class SpeakerOut(Strict):
    """A source."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    name = fields.String(required=True)
    type = Choice(SOURCE_TYPES, required=True, allow_none=True)
    aliases = fields.List(fields.String(), required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class SpeakerPage(Strict):
    """A page of sources."""

    items = fields.List(fields.Nested(SpeakerOut), required=True)
    next = fields.String(required=True, allow_none=True)


class SpeakersQuery(PageQuery):
    """Which sources."""

    q = Text(200, low=1, says="A stretch of the name or of an alias.")


class StatementsQuery(UnitPageQuery):
    """Which page of statements."""


class MergeIn(Strict):
    """The source that takes the other's place."""

    into = IdField(required=True)
