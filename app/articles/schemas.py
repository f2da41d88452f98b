"""What comes in and goes out of articles."""

from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, validate, validates_schema

from app.articles.published import PRECISIONS, precision_of
from app.kernel.offsets import Unit
from app.kernel.sentences import Sentence
from app.web.fields import (
    Choice,
    Count,
    Free,
    IdField,
    Ordinal,
    PageQuery,
    Several,
    Shaped,
    Strict,
    Text,
    When,
)

UNITS = tuple(Unit)
INCLUDES = ("text", "annotations", "links")
OFFSET = {"type": "integer", "minimum": 0}


class Language(Shaped):
    """A language tag (BCP 47), by its shape."""

    def __init__(self, **more: Any) -> None:
        told = Sentence("A language tag (BCP 47) such as en or pt-BR.", "bad_language")
        super().__init__(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", told, **more)


class SourceIn(Strict):
    """Where an article comes from."""

    publisher = Text(500, allow_none=True)
    author = Text(500, allow_none=True)
    url = Text(2000, allow_none=True)
    published_on = Text(10, allow_none=True, metadata={"example": "2015-10-13"})
    published_precision = Choice(PRECISIONS, allow_none=True)
    credited_source = Text(1000, allow_none=True)

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if url := data.get("url"):
            _check_url(url)
        published, precision = data.get("published_on"), data.get("published_precision")
        if published is None:
            if precision is not None:
                _fault("published_precision", "A precision goes with published_on.", "no_date")
        elif (known := precision_of(published)) is None:
            _fault("published_on", "Write a date as 2015, 2015-10 or 2015-10-13.", "not_a_date")
        elif precision not in (None, known):
            told = f"{published} has the precision {known}."
            _fault("published_precision", told, "wrong_precision")


class SourcePatch(SourceIn):
    """A merge patch of where an article comes from."""

    @validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        """What fits together is asked of the patched whole."""


class RegionIn(Strict):
    """A stretch of the text that is no part of the story."""

    start = fields.Raw(required=True, metadata=OFFSET)
    end = fields.Raw(required=True, metadata=OFFSET)
    kind = Shaped(
        r"[a-z][a-z0-9_-]{0,39}",
        Sentence("A word such as dateline, advertisement or byline.", "bad_kind"),
        required=True,
    )
    unit = Choice(UNITS)


class ArticleFields(Strict):
    """What is known of an article besides its text."""

    title = Text(2000, low=1, required=True)
    external_id = Text(200, low=1, allow_none=True)
    language = Language(allow_none=True)
    source = fields.Nested(SourceIn, allow_none=True)
    regions = fields.List(
        fields.Nested(RegionIn),
        allow_none=True,
        validate=validate.Length(max=1000, error=Sentence("At most 1000 regions.", "length")),
    )
    meta = Free(allow_none=True)


def whole_text() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.Length(min=1, error=Sentence("A text must not be empty.", "length")),
        error_messages={"invalid": Sentence("A string is expected here.", "not_a_string")},
    )


class ArticleIn(ArticleFields):
    """A new article. The text is kept exactly as sent."""

    text = whole_text()


class ArticlePatch(ArticleFields):
    """A merge patch of an article's metadata: null removes, objects merge."""

    title = Text(2000, low=1)
    source = fields.Nested(SourcePatch, allow_none=True)


class LengthsOut(Strict):
    """The length of the text in three units."""

    codepoints = Count(required=True)
    utf16 = Count(required=True)
    bytes = Count(required=True)


class AuthorOut(Strict):
    """Who made something."""

    id = IdField(required=True)
    name = fields.String(required=True)


class ArticleOut(Strict):
    """An article; `text` where it was asked for, `annotations` and `links` likewise."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    external_id = fields.String(required=True, allow_none=True)
    title = fields.String(required=True)
    language = fields.String(required=True, allow_none=True)
    source = fields.Nested(SourceIn, required=True)
    regions = fields.List(fields.Nested(RegionIn), required=True)
    meta = Free(required=True)
    state = Choice(("open", "adjudicated"), required=True)
    revision = Ordinal(required=True)
    text_sha256 = fields.String(required=True)
    length = fields.Nested(LengthsOut, required=True)
    text = fields.String()
    unit = Choice(UNITS, required=True)
    author = fields.Nested(AuthorOut, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)
    annotations = fields.List(Free())
    orphaned = fields.List(
        Free(), metadata={"description": "Annotations that mark an earlier text only."}
    )
    links = fields.List(Free())
    annotations_truncated = fields.Boolean(
        metadata={"description": "True where there are more: page through /annotations."}
    )


class ArticlePage(Strict):
    """A page of articles, without texts unless asked for."""

    items = fields.List(fields.Nested(ArticleOut), required=True)
    next = fields.String(required=True, allow_none=True)


class UnitQuery(Strict):
    """How offsets in the answer count."""

    unit = Choice(UNITS, load_default="codepoint", says="How offsets count.")


class Included(Several):
    """Words separated by commas, each at most once."""

    def __init__(self, words: tuple[str, ...]) -> None:
        told = "What else to answer with, with commas."
        described = {"type": "string", "example": ",".join(words), "description": told}
        super().__init__(load_default=frozenset, metadata=described)
        self.words = words

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        asked = frozenset(word for word in str(value).split(",") if word)
        if asked - set(self.words):
            told = f"Name any of: {', '.join(self.words)}."
            raise ValidationError(Sentence(told, "not_a_choice"))
        return asked


class ArticleQuery(UnitQuery):
    """What else to answer with."""

    include = Included(INCLUDES)


class ArticlesQuery(PageQuery):
    """Which articles."""

    q = Text(500, low=1, metadata={"description": 'Words to find; "in quotes" a phrase.'})
    external_id = Text(200, says="The one with this external id.")
    publisher = Text(500, says="Only of this publisher, exactly.")
    state = Choice(("open", "adjudicated"), says="Only those that are open, or adjudicated.")
    include = Included(("text",))


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        _fault("url", "An absolute address with http or https.", "bad_url")


def _fault(name: str, detail: str, code: str) -> None:
    raise ValidationError({name: [Sentence(detail, code)]})
