"""Texts at hand: an immutable text is read from the database once, not at every call.

A revision's text never changes, so a copy in memory can never be wrong. Each process keeps the
texts used last, up to a total of code points.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import bindparam, select

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
    found = [text for number in numbers if (text := _kept.get((article_id, number)))]
    missing = set(numbers) - {text.number for text in found}
    if missing:
        statement = select(_revisions.number, _revisions.text).where(
            _revisions.article_id == article_id, _revisions.number.in_(missing)
        )
        found += [keep(article_id, row.number, row.text) for row in ask(statement, {})]
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
