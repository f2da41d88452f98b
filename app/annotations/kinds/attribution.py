"""The attribution: who said what, as the article tells it."""

from app.annotations.kinds.base import Kind
from app.annotations.kinds.types import Attribute, Choice, ListOf, Record, Text, when

SOURCE_TYPES = (
    "person",
    "organisation",
    "government",
    "media",
    "document",
    "group",
    "unnamed",
)

_SOURCE = Record(
    (
        Attribute("name", Text(500), "The source's name, or how the text describes it.", True),
        Attribute("type", Choice(SOURCE_TYPES), "What the source is."),
    )
)

ATTRIBUTION = Kind(
    name="attribution",
    doc="Words or views that the article gives to a source; the span is the whole relation.",
    has_parts=True,
    attributes=(
        Attribute("sources", ListOf(_SOURCE, 50), "Who is said to have said it."),
        Attribute("quotation", Choice(("direct", "indirect", "mixed")), "Quoted, retold, or both."),
        Attribute(
            "act",
            Choice(("assertion", "belief", "demand", "commitment", "no_comment")),
            "What the source does by it.",
        ),
        Attribute(
            "author_stance",
            Choice(("endorses", "rejects", "neutral")),
            "How the article's author stands to it.",
        ),
        Attribute("said_on", when(), "The date on which it was said."),
        Attribute("via", Text(500), "The medium or document it came through."),
    ),
)
