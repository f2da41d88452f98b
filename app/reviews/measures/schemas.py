"""What comes in and goes out of agreement."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.annotations.kinds import KINDS
from app.articles.schemas import AuthorOut
from app.kernel.sentences import Sentence
from app.reviews.lists import IdsText, WordsText
from app.reviews.matching import LIKENESS
from app.reviews.measures.report import MEASURES
from app.web.fields import Choice, Count, Flag, IdField, Shaped, Strict, Whole

ALL = tuple(dict.fromkeys(name for names in MEASURES.values() for name in names))
_LABEL = Sentence("`kind`, or a pointer such as /attributes/claim_type.", "bad_label")


class AgreementQuery(Strict):
    """Agreement of whom, on what, by which measures, and how much to list."""

    of = Choice(
        ("annotations", "links"),
        load_default="annotations",
        says="Whether on annotations or on links.",
    )
    kind = Choice(tuple(KINDS), says="Only on this kind.")
    users = IdsText()
    articles = IdsText()
    measure = WordsText(ALL)
    label = Shaped(
        r"kind|/attributes(?:/[^\u0000/]{1,100}){1,5}",
        _LABEL,
        says="What is compared where spans match: the kind, or an attribute by its pointer.",
    )
    top = Whole(
        0,
        100,
        text=True,
        load_default=10,
        says="How many of the articles that agree least are named.",
    )
    disagreements = Whole(
        0, 500, text=True, load_default=50, says="How many disagreements are listed."
    )

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        of = data["of"]
        if others := set(data.get("measure", ())) - set(MEASURES[of]):
            told = f"Of {of} there is no {', '.join(sorted(others))}."
            raise ValidationError({"measure": [Sentence(told, "not_a_choice")]})
        if of == "links" and "label" in data:
            told = "The label of a link is its relation."
            raise ValidationError({"label": [Sentence(told, "unexpected")]})


class MeasuredOut(Strict):
    """A measure: its value, or why it has none, and what stands behind it."""

    value = fields.Float(required=True, allow_none=True)
    reason = Choice(
        ("no_units", "no_variation", "too_large"),
        required=True,
        allow_none=True,
        metadata={
            "description": "Why the value is null: nothing to compare; one label throughout, "
            "so that nothing could have differed; or too much to compute."
        },
    )
    n_units = Count(required=True)
    n_coders = Count(required=True)
    n_articles = Count(required=True)
    matched = Count()
    n_left_out = Count()
    n_labels = Count(low=2, allow_none=True)
    per_kind = fields.Dict(keys=fields.String(), values=fields.Float(allow_none=True))
    exact = Flag(says="False where an alignment is only the best of those tried.")


class MeasuresOut(Strict):
    """The measures asked for, by name."""

    class Meta(Strict.Meta):
        include = {name: fields.Nested(MeasuredOut) for name in ALL}


class PairOut(Strict):
    """Agreement of two coders on what both worked on."""

    users = fields.List(fields.Nested(AuthorOut), required=True)
    measures = fields.Nested(MeasuresOut, required=True)


class KindAgreementOut(Strict):
    """Agreement on annotations of one kind."""

    kind = fields.String(required=True)
    measures = fields.Nested(MeasuresOut, required=True)


class ArticleNamedOut(Strict):
    """An article by its id and title."""

    id = IdField(required=True)
    title = fields.String(required=True)


class ArticleAgreementOut(Strict):
    """Agreement on one article, or on links between two."""

    article = fields.Nested(ArticleNamedOut, required=True)
    other_article_id = IdField(required=True, allow_none=True)
    n_coders = Count(required=True)
    n_units = Count(required=True)
    n_disagreeing = Count(required=True)
    measures = fields.Nested(MeasuresOut, required=True)


class SaidOut(Strict):
    """One annotation or link, and whose it is."""

    id = IdField(required=True)
    author = fields.Nested(AuthorOut, required=True)


class DisagreementOut(Strict):
    """A unit on which coders differ; `differences` are pointers into their annotations."""

    article_id = IdField(required=True)
    other_article_id = IdField(required=True, allow_none=True)
    likeness = Choice(LIKENESS, required=True)
    members = fields.List(fields.Nested(SaidOut), required=True)
    missing = fields.List(fields.Nested(AuthorOut), required=True)
    differences = fields.List(fields.String(), required=True)
    kind = fields.String()
    start = Count()
    end = Count()
    ends = fields.List(IdField())


class DisagreementsOut(Strict):
    """The first of the units that coders differ on, at most `most` of `total`."""

    total = Count(required=True)
    most = Count(required=True)
    items = fields.List(fields.Nested(DisagreementOut), required=True)


class AgreementOut(Strict):
    """How much annotators agree."""

    of = Choice(("annotations", "links"), required=True)
    label = fields.String(required=True)
    n_articles = Count(required=True)
    coders = fields.List(fields.Nested(AuthorOut), required=True)
    measures = fields.Nested(MeasuresOut, required=True)
    pairs = fields.List(fields.Nested(PairOut), required=True)
    kinds = fields.List(fields.Nested(KindAgreementOut), required=True)
    articles = fields.List(fields.Nested(ArticleAgreementOut), required=True)
    disagreements = fields.Nested(DisagreementsOut, required=True)
