"""Texts at hand: an immutable text is read from the database once, not at every call.

A revision's text never changes, so a copy in memory can never be wrong. Each process keeps the
texts used last, up to a total of code points.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import and_, bindparam, or_, select

from app.articles.models import Revision
from app.kernel.db import ask
from app.kernel.errors import NotFound
from app.kernel.offsets import Ruler

MOST_CODEPOINTS = 16_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """One revision's text with the ruler that converts offsets into it."""

    article_id: str
    number: int
    text: str
    ruler: Ruler


_kept: OrderedDict[tuple[str, int], Text] = OrderedDict()
_total = 0
_lock = Lock()
_revisions = Revision.__table__.c
_statement = select(_revisions.text).where(
    _revisions.article_id == bindparam("article", type_=_revisions.article_id.type),
    _revisions.number == bindparam("number"),
)


def text_of(article_id: str, number: int) -> Text:
    """The text of an article's revision. Who may read it was asked at the door."""
    found = _kept.get((article_id, number))
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
    found = {key: kept for key in wanted if (kept := _kept.get(key)) is not None}
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
    """Remember a text that stands in the database, and forget the ones not used for long."""
    global _total  # one memory for the process is the point
    text = Text(article_id, number, raw, Ruler(raw))
    with _lock:
        if (article_id, number) not in _kept:
            _kept[article_id, number] = text
            _total += len(raw)
        while _total > MOST_CODEPOINTS and len(_kept) > 1:
            _, gone = _kept.popitem(last=False)
            _total -= len(gone.text)
    return text
