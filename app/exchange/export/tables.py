"""The tables that a selection makes, written by the database and gathered into blocks."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, and_, bindparam, select, true

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
from app.exchange.export.driving import Statement, compiled, copied, is_lite, lite
from app.exchange.export.selection import Selection, annotations, articles, known_as
from app.exchange.export.statements import TEXT_ORDER, joined_links
from app.exchange.formats.cells import TABLES, Block
from app.reviews.verdicts.models import Verdict

_BLOCK = 1024 * 1024
"""Bytes of a block: some thousand spans, so that two under way stay small."""

_ARTICLE = slice(37, 73)
"""Where a line has the id of its article: after its own, which is as long."""

_ORDER = ("first", "last", "tie")
_ID = bindparam("article", None, type_=articles.id.type)


def blocks(connection: Connection, selection: Selection, name: str) -> Iterator[Block]:
    """The rows of a table, in the order in which its things go out."""
    if name == "links":
        return _gathered(_links(connection, selection))
    if name == "documents":
        return _gathered(_of_articles(connection, selection, name))
    return _by_article(_of_articles(connection, selection, name))


def _gathered(rows: Iterable[bytes]) -> Iterator[Block]:
    held: list[bytes] = []
    length = 0
    for row in rows:
        held.append(row)
        length += len(row)
        if length >= _BLOCK:
            yield Block(b"".join(held), len(held))
            held, length = [], 0
    if held:
        yield Block(b"".join(held), len(held))


def _by_article(rows: Iterable[bytes]) -> Iterator[Block]:
    """The same, but no article's rows in two blocks."""
    held: list[bytes] = []
    length, last = 0, b""
    for row in rows:
        if length >= _BLOCK:
            here = row[_ARTICLE]
            if last and here != last:
                yield Block(b"".join(held), len(held))
                held, length = [], 0
            last = here if length else b""
        held.append(row)
        length += len(row)
    if held:
        yield Block(b"".join(held), len(held))


def _links(connection: Connection, selection: Selection) -> Iterator[bytes]:
    statement = joined_links(selection, *_written(connection, "links", link_cells()))
    if not is_lite(connection):
        yield from copied(connection, statement)
        return
    with closing(lite(connection).execute(*compiled(connection, statement))) as found:
        for (line,) in found:
            yield line


def _of_articles(connection: Connection, selection: Selection, name: str) -> Iterator[bytes]:
    if not is_lite(connection):
        yield from copied(connection, _lateral(connection, selection, name))
        return
    driver = lite(connection)
    sql, values = compiled(connection, _of_one(connection, selection, name))
    key = known_as(articles).label("key")
    ids = select(articles.id, key).where(*selection.articles()).order_by(key)
    with closing(driver.execute(*compiled(connection, ids))) as found:
        for id_, _ in found:
            for (line,) in driver.execute(sql, {**values, "article": id_}).fetchall():
                yield line


def _of_one(connection: Connection, selection: Selection, name: str) -> Statement:
    """The rows of one article, which is a parameter."""
    asked = _rows(connection, selection, name, articles, known_as(articles))
    if name == "documents":
        return asked.where(articles.id == _ID)
    return (
        asked.join(Article.__table__, articles.id == annotations.article_id)
        .where(articles.id == _ID, annotations.revision == articles.revision)
        .order_by(*TEXT_ORDER)
    )


def _lateral(connection: Connection, selection: Selection, name: str) -> Statement:
    """The rows of all articles: each article's sorted by themselves, so that the first come
    at once and no sort outgrows an article.
    """
    key = known_as(articles).label("key")
    sorted_first = select(Article.__table__, key).where(*selection.articles())
    # Twice OFFSET, lest the planner take it apart and sort everything together at the end.
    here = sorted_first.order_by(key).offset(0).subquery("articles")
    asked = _rows(connection, selection, name, here.c, here.c.key)
    order: list[Label[Any]] = []
    if name != "documents":
        order = [by.label(name) for name, by in zip(_ORDER, TEXT_ORDER, strict=True)]
        asked = asked.where(
            annotations.article_id == here.c.id, annotations.revision == here.c.revision
        )
    inside = asked.add_columns(*order).offset(0).correlate(here).lateral("inside")
    return (
        select(*(inside.c[f"cell_{place}"] for place, _ in enumerate(TABLES[name])))
        .select_from(here)
        .join(inside, true())
        .order_by(here.c.key, *(inside.c[by.name] for by in order))
    )


def _rows(
    connection: Connection, selection: Selection, name: str, article: Any, key: ColumnElement[Any]
) -> Statement:
    if name == "documents":
        asked = select(*_written(connection, name, document_cells(article)))
        here = and_(revisions.article_id == article.id, revisions.number == article.revision)
        if is_lite(connection):
            return asked.join_from(Article.__table__, Revision.__table__, here)
        return asked.select_from(Revision.__table__).where(here)
    asked = select(*_written(connection, name, span_cells(key)))
    asked = asked.select_from(Annotation.__table__).where(*selection.annotations())
    if name == "parts":
        return asked.where(annotations.parts.is_not(None))
    if name == "fragments":
        return asked
    return asked.join(User.__table__, users.id == annotations.author_id).outerjoin(
        Verdict.__table__, verdicts.annotation_id == annotations.id
    )


def _written(connection: Connection, name: str, cells: Cells) -> Sequence[ColumnElement[Any]]:
    """The columns to select: every cell, or on SQLite the line that they make."""
    found: list[Cell] = [cells[cell] for cell in TABLES[name]]
    if is_lite(connection):
        return [lite_line(found)]
    return [cell.value.label(f"cell_{place}") for place, cell in enumerate(found)]
