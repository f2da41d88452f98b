"""The selects behind tables that the database writes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    true,
)

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles.models import Article, Revision
from app.exchange.export.celled import (
    Cell,
    Cells,
    document_cells,
    link_cells,
    one_line,
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

_ID = bindparam("article", None, type_=articles.id.type)
_ONE: ColumnElement[int] = cast(literal_column("1"), BigInteger)
_UNJUDGED = dict.fromkeys(("verdict", "verdict_justification"), Cell(null()))


@dataclass(frozen=True, slots=True)
class Asked:
    """One of `cells.TABLES` of a selection, for SQLite or for PostgreSQL.

    Where nothing is `judged`, verdicts are not looked for. Where no annotation is `renamed`, by
    another id than it goes out under, the index has them in order: nothing need be sorted.
    """

    selection: Selection
    name: str
    lite: bool
    judged: bool
    renamed: bool

    def links(self) -> Statement:
        """The table of links, a row a piece."""
        return self._alone(joined_links(self.selection, self._line(link_cells())))

    def articles(self) -> Statement:
        """The articles that go out, by `id` and by `key`, which is the order."""
        key = known_as(articles).label("key")
        return select(articles.id, key).where(*self.selection.articles()).order_by(key)

    def of_one(self) -> Statement:
        """On SQLite: the rows of the article that is the parameter `article`, in one piece."""
        asked = self._rows(articles, known_as(articles)).where(articles.id == _ID)
        if self.name == "documents":
            return self._alone(asked)
        here = and_(
            articles.id == annotations.article_id, articles.revision == annotations.revision
        )
        # Its aggregates keep the order of what they are given; those before 3.44 cannot sort.
        ordered = asked.join(Article.__table__, here).order_by(*self._order()).subquery("ordered")
        return select(_as_bytes(func.aggregate_strings(ordered.c.line, "")), func.count())

    def of_all(self) -> Statement:
        """On PostgreSQL: the rows of all articles, each article's in one piece.

        They are sorted an article at a time, so that the first come at once.
        """
        key = known_as(articles).label("key")
        sorted_first = select(Article.__table__, key).where(*self.selection.articles())
        # OFFSET keeps the planner from sorting everything together at the end instead.
        here = sorted_first.order_by(key).offset(0).subquery("articles")
        asked = self._rows(here.c, here.c.key)
        if self.name == "documents":
            asked = self._alone(asked)
        else:
            (line,) = asked.selected_columns
            lines = func.aggregate_strings(line, "").aggregate_order_by(*self._order())
            asked = asked.with_only_columns(lines.label("lines"), func.count().label("rows"))
            standing = annotations.revision == here.c.revision
            asked = asked.where(annotations.article_id == here.c.id, standing)
        inside = asked.correlate(here).lateral("inside")
        return select(*inside.c).select_from(here).join(inside, true()).order_by(here.c.key)

    def _rows(self, article: Any, key: ColumnElement[Any]) -> Statement:
        if self.name == "documents":
            asked = select(self._line(document_cells(article)))
            here = and_(revisions.article_id == article.id, revisions.number == article.revision)
            if self.lite:
                return asked.join_from(Article.__table__, Revision.__table__, here)
            return asked.select_from(Revision.__table__).where(here)
        cells = span_cells(key) | ({} if self.judged else _UNJUDGED)
        if not self.renamed:
            cells["id"] = Cell(annotations.id)
        asked = select(self._line(cells)).select_from(Annotation.__table__)
        asked = asked.where(*self.selection.annotations())
        if self.name == "parts":
            return asked.where(annotations.parts.is_not(None))
        if self.name == "spans":
            asked = asked.join(User.__table__, users.id == annotations.author_id)
            if self.judged:
                verdict = verdicts.annotation_id == annotations.id
                asked = asked.outerjoin(Verdict.__table__, verdict)
        return asked

    def _order(self) -> tuple[ColumnElement[Any], ...]:
        return TEXT_ORDER if self.renamed else (*TEXT_ORDER[:-1], annotations.id)

    def _line(self, cells: Cells) -> ColumnElement[str]:
        return one_line([cells[cell] for cell in TABLES[self.name]], lite=self.lite)

    def _alone(self, asked: Statement) -> Statement:
        """Rows that are a piece each."""
        (line,) = asked.selected_columns
        lines = _as_bytes(line) if self.lite else line
        return asked.with_only_columns(lines.label("lines"), _ONE.label("rows"))


def _as_bytes(lines: ColumnElement[str]) -> ColumnElement[bytes]:
    """As SQLite's driver hands them over without looking into them."""
    return cast(lines, LargeBinary)
