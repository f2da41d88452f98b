"""The cells of every table: which expression each comes from, and how a line is made of them.

One `printf` on SQLite, one `format` on PostgreSQL.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, case, func, literal_column

from app.accounts.models import User
from app.articles.models import Article, Revision
from app.exchange.export.selection import annotations, known_as, links
from app.exchange.export.statements import FROM_ARTICLE, TO_ARTICLE
from app.exchange.formats.cells import DELIMITER, QUOTE
from app.links.queries import FROM, TO
from app.reviews.verdicts.models import Verdict

revisions, users, verdicts = Revision.__table__.c, User.__table__.c, Verdict.__table__.c

Shape = Literal["plain", "text", "prose", "score"]


class Cell(NamedTuple):
    """An expression, and what it may hold: `plain` is never quoted (ids, words, numbers, times
    and JSON hold no control character), `text` is whatever people write, `prose` is never null.
    """

    value: ColumnElement[Any]
    shape: Shape = "plain"


Cells = dict[str, Cell]


def document_cells(article: Any) -> Cells:
    """The cells of an article; `article` are the columns of its table."""
    told = Article.__table__.c
    free = ("external_id", "title", "language", "publisher", "author", "url", "credited_source")
    plain = ("published_on", "published_precision", "revision", "version", "regions", "meta")
    return {
        **{name: Cell(article[name], "text") for name in free},
        **{name: Cell(article[name]) for name in (*plain, "created_at", "updated_at")},
        "id": Cell(func.coalesce(article[told.original_id.key], article[told.id.key])),
        "text_sha256": Cell(revisions.sha256),
        "text": Cell(revisions.text, "prose"),
    }


def span_cells(article_key: ColumnElement[Any]) -> Cells:
    """The cells of an annotation in the article of this id."""
    of = annotations
    plain = ("kind", "fragments", "parts", "layer", "state", "author_id", "attributes", "tags")
    more = ("confidence", "origin", "version", "created_at")
    return {
        **{name: Cell(of[name]) for name in (*plain, *more)},
        "updated_at": Cell(func.nullif(of.updated_at, of.created_at)),
        "id": Cell(known_as(of)),
        "article_id": Cell(article_key),
        "start": Cell(of.start_offset),
        "end": Cell(of.end_offset),
        "exact": Cell(of.exact, "prose"),
        "note": Cell(of.note, "text"),
        "external_id": Cell(of.external_id, "text"),
        "score": Cell(of.score, "score"),
        "author_name": Cell(users.name, "prose"),
        "verdict": Cell(verdicts.label),
        "verdict_justification": Cell(verdicts.justification, "text"),
    }


def link_cells() -> Cells:
    """The cells of a link, on a select that has both ends and their articles."""
    plain = ("relation", "basis", "independence", "confidence", "state", "layer", "author_id")
    return {
        **{name: Cell(links[name]) for name in (*plain, "version", "created_at", "updated_at")},
        "id": Cell(known_as(links)),
        "from_id": Cell(known_as(FROM.c)),
        "from_article_id": Cell(known_as(FROM_ARTICLE.c)),
        "to_id": Cell(known_as(TO.c)),
        "to_article_id": Cell(known_as(TO_ARTICLE.c)),
        "rationale": Cell(links.rationale, "text"),
        "group": Cell(links.group_name, "text"),
        "external_id": Cell(links.external_id, "text"),
        "author_name": Cell(users.name, "prose"),
    }


def one_line(cells: Sequence[Cell], *, lite: bool) -> ColumnElement[str]:
    """One line as the database makes it, line end included."""
    shape: ColumnElement[str] = literal_column(f"'{DELIMITER.join(map(_place, cells))}\n'")
    values = [_value(cell, lite) for cell in cells]
    made = func.printf(shape, *values) if lite else func.format(shape, *values)
    return made.label("line")


_MARK: ColumnElement[str] = literal_column(f"'{QUOTE}'")
_TWO: ColumnElement[str] = literal_column(f"'{QUOTE}{QUOTE}'")


def _place(cell: Cell) -> str:
    """Where a cell stands in the shape of a line; what is never null has its marks there."""
    return f"{QUOTE}%s{QUOTE}" if cell.shape == "prose" else "%s"


def _value(cell: Cell, lite: bool) -> ColumnElement[Any]:
    """A cell as both functions write it: null as nothing at all."""
    if cell.shape == "prose":
        return func.replace(cell.value, _MARK, _TWO)
    if cell.shape == "text":
        return _MARK.concat(func.replace(cell.value, _MARK, _TWO)).concat(_MARK)
    if cell.shape == "score" and lite:
        return case((cell.value.is_not(None), func.shortest(cell.value)))
    return cell.value
