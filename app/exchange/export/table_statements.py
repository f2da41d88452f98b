"""The selects behind tables that the database writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, bindparam, null, select, true

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles.models import Article, Revision
from app.exchange.export.celled import (
    Cell,
    Cells,
    document_cells,
    link_cells,
    lite_line,
    revisions,
    span_cells,
    users,
    verdicts,
)
from app.exchange.export.driving import Statement
from app.exchange.export.selection import Selection, annotations, articles, known_as
from app.exchange.export.statements import TEXT_ORDER, joined_links
from app.exchange.formats.cells import TABLES
from app.reviews.verdicts.models import Verdict

_ORDER = ("first", "last", "tie")
_ID = bindparam("article", None, type_=articles.id.type)
_UNJUDGED = dict.fromkeys(("verdict", "verdict_justification"), Cell(null()))


@dataclass(frozen=True, slots=True)
class Asked:
    """One of `cells.TABLES` of a selection, for SQLite or for PostgreSQL.

    Where nothing is `judged`, verdicts are not looked for.
    """

    selection: Selection
    name: str
    judged: bool
    lite: bool

    def links(self) -> Statement:
        """The rows of the table of links."""
        return joined_links(self.selection, *self._written(link_cells()))

    def articles(self) -> Statement:
        """The articles that go out, by `id` and by `key`, which is the order."""
        key = known_as(articles).label("key")
        return select(articles.id, key).where(*self.selection.articles()).order_by(key)

    def of_one(self) -> Statement:
        """The rows of one article, which is the parameter `article`."""
        asked = self._rows(articles, known_as(articles)).where(articles.id == _ID)
        if self.name == "documents":
            return asked
        here = and_(
            articles.id == annotations.article_id, articles.revision == annotations.revision
        )
        return asked.join(Article.__table__, here).order_by(*TEXT_ORDER)

    def of_all(self) -> Statement:
        """The rows of all articles: each article's sorted by themselves, so that the first come
        at once and no sort outgrows an article.
        """
        key = known_as(articles).label("key")
        sorted_first = select(Article.__table__, key).where(*self.selection.articles())
        # Twice OFFSET, lest the planner take it apart and sort everything together at the end.
        here = sorted_first.order_by(key).offset(0).subquery("articles")
        asked = self._rows(here.c, here.c.key)
        order: list[Label[Any]] = []
        if self.name != "documents":
            order = [by.label(name) for name, by in zip(_ORDER, TEXT_ORDER, strict=True)]
            standing = annotations.revision == here.c.revision
            asked = asked.where(annotations.article_id == here.c.id, standing)
        inside = asked.add_columns(*order).offset(0).correlate(here).lateral("inside")
        return (
            select(*(inside.c[f"cell_{place}"] for place, _ in enumerate(TABLES[self.name])))
            .select_from(here)
            .join(inside, true())
            .order_by(here.c.key, *(inside.c[by.name] for by in order))
        )

    def _rows(self, article: Any, key: ColumnElement[Any]) -> Statement:
        if self.name == "documents":
            asked = select(*self._written(document_cells(article)))
            here = and_(revisions.article_id == article.id, revisions.number == article.revision)
            if self.lite:
                return asked.join_from(Article.__table__, Revision.__table__, here)
            return asked.select_from(Revision.__table__).where(here)
        cells = span_cells(key) | ({} if self.judged else _UNJUDGED)
        asked = select(*self._written(cells)).select_from(Annotation.__table__)
        asked = asked.where(*self.selection.annotations())
        if self.name == "parts":
            return asked.where(annotations.parts.is_not(None))
        if self.name == "spans":
            asked = asked.join(User.__table__, users.id == annotations.author_id)
            if self.judged:
                verdict = verdicts.annotation_id == annotations.id
                asked = asked.outerjoin(Verdict.__table__, verdict)
        return asked

    def _written(self, cells: Cells) -> Sequence[ColumnElement[Any]]:
        """The columns to select: every cell, or on SQLite the line that they make."""
        found = [cells[cell] for cell in TABLES[self.name]]
        if self.lite:
            return [lite_line(found)]
        return [cell.value.label(f"cell_{place}") for place, cell in enumerate(found)]
