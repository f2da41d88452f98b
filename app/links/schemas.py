"""What comes in and goes out of links."""

from marshmallow import fields

from app.annotations.schemas import CONFIDENCES
from app.annotations.states import STATES
from app.articles.schemas import AuthorOut
from app.web.fields import Choice, Flag, IdField, Ordinal, PageQuery, Strict, Text, When

RELATIONS = ("corroborates", "contradicts")
BASES = (
    "same_statement",
    "numeric",
    "negation",
    "temporal",
    "lexical",
    "factive",
    "world_knowledge",
)
INDEPENDENCE = ("independent", "same_origin", "unknown")


class LinkFields(Strict):
    """What can be said of a link."""

    relation = Choice(RELATIONS, required=True)
    basis = Choice(BASES, allow_none=True)
    independence = Choice(INDEPENDENCE, allow_none=True)
    rationale = Text(10_000, allow_none=True)
    confidence = Choice(CONFIDENCES, allow_none=True)
    group = Text(200, low=1, allow_none=True)
    external_id = Text(200, low=1, allow_none=True)


class LinkIn(LinkFields):
    """A new link. Both relations are symmetric: either order is the same link."""

    from_id = IdField(required=True, data_key="from")
    to_id = IdField(required=True, data_key="to")
    state = Choice(("draft", "submitted"), load_default="draft")


class LinkPatch(LinkFields):
    """A merge patch of a link; its ends stay."""

    relation = Choice(RELATIONS)


class EndOut(Strict):
    """One end of a link: enough to show it."""

    article_id = IdField(required=True)
    kind = fields.String(required=True)
    exact = fields.String(required=True)


class EndsOut(Strict):
    """Both ends of a link."""

    from_end = fields.Nested(EndOut, required=True, data_key="from")
    to_end = fields.Nested(EndOut, required=True, data_key="to")


class LinkOut(Strict):
    """A link."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    from_id = IdField(required=True, data_key="from")
    to_id = IdField(required=True, data_key="to")
    relation = Choice(RELATIONS, required=True)
    basis = Choice(BASES, required=True, allow_none=True)
    independence = Choice(INDEPENDENCE, required=True, allow_none=True)
    rationale = fields.String(required=True, allow_none=True)
    confidence = Choice(CONFIDENCES, required=True, allow_none=True)
    group = fields.String(required=True, allow_none=True)
    state = Choice(STATES, required=True)
    layer = Choice(("annotator", "adjudicated"), required=True)
    external_id = fields.String(required=True, allow_none=True)
    cross_article = Flag(required=True)
    ends = fields.Nested(EndsOut, required=True)
    author = fields.Nested(AuthorOut, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class LinkPage(Strict):
    """A page of links."""

    items = fields.List(fields.Nested(LinkOut), required=True)
    next = fields.String(required=True, allow_none=True)


class LinksQuery(PageQuery):
    """Which links."""

    relation = Choice(RELATIONS, says="Only of this relation.")
    basis = Choice(BASES, says="Only on this ground.")
    independence = Choice(INDEPENDENCE, says="Only with ends that are so independent.")
    annotation = IdField(says="Only with this annotation at an end.")
    article = IdField(says="Only with an end in this article.")
    cross_article = Flag(text=True, says="Whether the ends are in two articles.")
    state = Choice(STATES, says="Only in this state of review.")
    layer = Choice(
        ("annotator", "adjudicated"), says="What annotators linked, or what was adjudicated."
    )
    author = IdField(says="Only by this person.")
    group = Text(200, low=1, says="Only of this group, exactly.")
    external_id = Text(200, low=1, says="The one with this external id.")
    created_after = When(says="Only those made after this moment.")
    updated_after = When(says="Only those changed after this moment.")
