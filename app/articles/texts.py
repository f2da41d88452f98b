"""Texts at hand: an immutable text is read from the database once, not at every call."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from app.articles.models import Revision
from app.kernel.cache import Cache
from app.kernel.db import ask
from app.kernel.errors import NotFound
from app.kernel.offsets import Ruler


@dataclass(frozen=True, slots=True)
class Text:
    """One revision's text with the ruler that converts offsets into it."""

    article_id: str
    number: int
    text: str
    ruler: Ruler


_texts: Cache[tuple[str, int], Text] = Cache(16_000_000)
"""By article and number, up to so many code points in all."""
_revisions = Revision.__table__.c
_statement = select(_revisions.text).where(
    _revisions.article_id == bindparam("article", type_=_revisions.article_id.type),
    _revisions.number == bindparam("number"),
)


def text_of(article_id: str, number: int) -> Text:
    """The text of an article's revision. Who may read it was asked at the door."""
    found = _texts.get((article_id, number))
    if found is not None:
        return found
    rows = ask(_statement, {"article": article_id, "number": number})
    if not rows:
        raise NotFound("There is no such revision.")
    return keep(article_id, number, rows[0].text)


def several(article_id: str, numbers: Collection[int]) -> list[Text]:
    """These texts of an article, at most one statement for all of them."""
    return list(texts_of([(article_id, number) for number in numbers]).values())


def texts_of(wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], Text]:
    """The texts of several revisions, by article and number; one statement for all not at hand."""
    found = {key: kept for key in wanted if (kept := _texts.get(key)) is not None}
    if missing := [key for key in wanted if key not in found]:
        these = (
            and_(_revisions.article_id == article, _revisions.number == number)
            for article, number in missing
        )
        statement = select(_revisions.article_id, _revisions.number, _revisions.text)
        for row in ask(statement.where(or_(*these)), {}):
            found[row.article_id, row.number] = keep(row.article_id, row.number, row.text)
    return found


def keep(article_id: str, number: int, raw: str) -> Text:
    """Remember a text that stands in the database."""
    text = Text(article_id, number, raw, Ruler(raw))
    _texts.put((article_id, number), text, len(raw))
    return text
