"""What comes in and goes out of comparisons."""

from marshmallow import fields

from app.annotations.kinds import KINDS
from app.annotations.schemas import AnnotationOut
from app.articles.schemas import UNITS, AuthorOut
from app.links.schemas import LinkOut
from app.reviews.lists import IdsText
from app.reviews.matching import LIKENESS
from app.web.fields import Choice, Count, Flag, Free, IdField, Ordinal, Strict


class ComparisonQuery(Strict):
    """Whose layers, of which kind, and how offsets count."""

    users = IdsText()
    kind = Choice(tuple(KINDS), says="Only of this kind.")
    unit = Choice(UNITS, load_default="codepoint", says="How offsets count.")


class CoderOut(AuthorOut):
    """Someone who worked on the article, and how much they made of what is compared."""

    annotations = Count(required=True)
    links = Count(required=True)


class LikenessOut(Strict):
    """How many groups are how much alike."""

    exact = Count(required=True)
    overlapping = Count(required=True)
    single = Count(required=True)


class SummaryOut(Strict):
    """How many groups there are, of each kind and of links."""

    annotations = fields.Dict(
        keys=fields.String(), values=fields.Nested(LikenessOut), required=True
    )
    links = fields.Nested(LikenessOut, required=True)


class DifferenceOut(Strict):
    """Where members of a group differ: a JSON pointer, and what each says there, by id."""

    path = fields.String(required=True)
    values = Free(required=True)


class DecidedOut(Strict):
    """The adjudicator's decision, and what it made."""

    id = IdField(required=True)
    action = Choice(("accept", "reject"), required=True)
    result = IdField(required=True, allow_none=True)


class GroupMemberOut(Strict):
    """One annotator's annotation."""

    annotation = fields.Nested(AnnotationOut, required=True)
    decision = fields.Nested(DecidedOut, required=True, allow_none=True)


class LinkMemberOut(Strict):
    """One annotator's link."""

    link = fields.Nested(LinkOut, required=True)
    decision = fields.Nested(DecidedOut, required=True, allow_none=True)


class _AlikeOut(Strict):
    likeness = Choice(LIKENESS, required=True)
    missing = fields.List(fields.Nested(AuthorOut), required=True)
    differences = fields.List(fields.Nested(DifferenceOut), required=True)
    adjudicated = Flag(required=True, says="Whether every member was decided on.")


class GroupOut(_AlikeOut):
    """What the annotators say of one place; `start` and `end` are the envelope of all."""

    kind = fields.String(required=True)
    start = Count(required=True)
    end = Count(required=True)
    members = fields.List(fields.Nested(GroupMemberOut), required=True)


class LinkGroupOut(_AlikeOut):
    """What the annotators say of one pair: `ends` name the groups, by the least id in each."""

    ends = fields.List(IdField(), required=True)
    members = fields.List(fields.Nested(LinkMemberOut), required=True)


class ComparisonOut(Strict):
    """The annotators' layers of one article side by side."""

    article_id = IdField(required=True)
    revision = Ordinal(required=True)
    unit = Choice(UNITS, required=True)
    annotators = fields.List(fields.Nested(CoderOut), required=True)
    summary = fields.Nested(SummaryOut, required=True)
    groups = fields.List(fields.Nested(GroupOut), required=True)
    links = fields.List(fields.Nested(LinkGroupOut), required=True)
