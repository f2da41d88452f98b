"""What comes in and goes out of stats."""

from marshmallow import fields

from app.annotations.kinds import KINDS
from app.articles.schemas import AuthorOut
from app.web.fields import Choice, Count, Free, IdField, Strict, When, Whole

COUNTED = {"type": "object", "additionalProperties": {"type": "integer"}}


class StatsQuery(Strict):
    """Of which time, by the moment things were made; and how many articles and tags to name."""

    since = When(says="Only what was made from this moment on.")
    until = When(says="Only what was made before this moment.")
    top = Whole(1, 500, text=True, load_default=20, says="How many articles and tags are named.")


def _counts() -> fields.Field[object]:
    return fields.Raw(required=True, metadata=COUNTED)


class AuthorCount(Strict):
    """How much one person made."""

    author = fields.Nested(AuthorOut, required=True)
    annotations = Count(required=True)
    by_kind = _counts()
    by_state = _counts()
    links = Count(required=True)


class ArticleCount(Strict):
    """How many annotations one article has."""

    id = IdField(required=True)
    title = fields.String(required=True)
    annotations = Count(required=True)


class AnnotationStats(Strict):
    """The annotations, counted in several ways."""

    total = Count(required=True)
    by_kind = _counts()
    by_state = _counts()
    by_origin = _counts()
    by_layer = _counts()
    by_tag = _counts()


class LinkStats(Strict):
    """The links, counted in several ways."""

    total = Count(required=True)
    by_relation = _counts()
    by_state = _counts()
    by_layer = _counts()


class ArticleStats(Strict):
    """The articles: how many, how many of them with annotations, and which have most."""

    total = Count(required=True)
    annotated = Count(required=True)
    top = fields.List(fields.Nested(ArticleCount), required=True)


class StatsOut(Strict):
    """How much there is in a project, of what the caller may see."""

    articles = fields.Nested(ArticleStats, required=True)
    annotations = fields.Nested(AnnotationStats, required=True)
    links = fields.Nested(LinkStats, required=True)
    by_author = fields.List(fields.Nested(AuthorCount), required=True)
    over_time = fields.List(Free(), required=True, metadata={"description": "One row a day, UTC."})


class WorkQuery(Strict):
    """Of which days, whose work, and on what; days are whole ones in UTC, `until` not included."""

    since = When(says="The first day, in UTC.")
    until = When(says="The day after the last.")
    user = IdField(says="Only this person's work.")
    kind = Choice((*KINDS, "link"), says="Only work on this kind.")


class ThroughputOut(Strict):
    """What one person made on a day, by kind, and what they decided, by decision."""

    day = fields.String(required=True)
    user = fields.Nested(AuthorOut, required=True)
    made = _counts()
    decided = _counts()


class StandingOut(Strict):
    """How many of one person's annotations of a kind, or links, stood in each state."""

    day = fields.String(required=True)
    user = fields.Nested(AuthorOut, required=True)
    kind = fields.String(required=True)
    draft = Count(required=True)
    submitted = Count(required=True)
    approved = Count(required=True)
    rejected = Count(required=True)


class WorkOut(Strict):
    """Work over time, of what the caller may see."""

    throughput = fields.List(fields.Nested(ThroughputOut), required=True)
    states = fields.List(fields.Nested(StandingOut), required=True)
