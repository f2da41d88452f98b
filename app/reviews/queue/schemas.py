"""What comes in and goes out of the review queue."""

from marshmallow import fields

from app.annotations.kinds import KINDS
from app.annotations.schemas import AnnotationOut
from app.articles.schemas import UNITS
from app.reviews.measures.schemas import ArticleNamedOut
from app.web.fields import Choice, Count, PageQuery, Strict


class QueueQuery(PageQuery):
    """Which of what waits."""

    kind = Choice(tuple(KINDS), says="Only of this kind.")
    unit = Choice(UNITS, load_default="codepoint", says="How offsets count.")


class WaitingOut(Strict):
    """An annotation that waits for a decision, and how disputed its article is, from 0 to 1."""

    annotation = fields.Nested(AnnotationOut, required=True)
    article = fields.Nested(ArticleNamedOut, required=True)
    disagreement = fields.Float(required=True)
    n_coders = Count(required=True)


class QueuePage(Strict):
    """A page of what waits."""

    items = fields.List(fields.Nested(WaitingOut), required=True)
    next = fields.String(required=True, allow_none=True)
