"""The selects that native lines come from, in the order in which they go out.

Articles go out in the order of the ids they go out under, annotations in text order after
their article, links in the order of their ids: an order that survives an import elsewhere.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles.models import Article, Revision
from app.exchange.export.selection import Selection, annotations, articles, known_as
from app.exchange.export.statements import TEXT_ORDER, joined_links
from app.exchange.native.notation import Engine, line
from app.exchange.native.written import ANNOTATION, ARTICLE, LINK, REVISION
from app.reviews.verdicts.models import Verdict

Statement = Select[*tuple[Any, ...]]
users, revisions, verdicts = User.__table__.c, Revision.__table__.c, Verdict.__table__.c
JUDGES = User.__table__.alias("judges")
REVISERS = User.__table__.alias("revisers")


def article_ids(selection: Selection) -> Statement:
    """The articles that go out, by `id` and by `key`, which is the order."""
    key = known_as(articles).label("key")
    return select(articles.id, key).where(*selection.articles()).order_by(key)


def article_line(engine: Engine) -> Statement:
    """The line of the article with the parameter `article`."""
    return _article(_text("article", engine), articles).where(articles.id == _the_article())


def revision_lines(engine: Engine) -> Statement:
    """The lines of the earlier texts of the article with the parameter `article`."""
    made = _revision(_text("revision", engine), articles)
    return (
        made.join(Article.__table__, articles.id == revisions.article_id)
        .where(articles.id == _the_article())
        .order_by(revisions.number)
    )


def annotation_lines(selection: Selection, engine: Engine) -> Statement:
    """The lines of what is tagged in the article with the parameter `article`."""
    made = _text("annotation", engine)
    return (
        _tagged(select(made).select_from(Annotation.__table__), selection)
        .join(Article.__table__, articles.id == annotations.article_id)
        .where(articles.id == _the_article(), selection.stands())
        .order_by(*TEXT_ORDER)
    )


def document_lines(selection: Selection, engine: Engine) -> Statement:
    """Articles, each followed by its earlier texts and what is tagged in it, in one statement.

    The articles are sorted first; what follows each is sorted by itself, so that the first
    line comes at once and no sort outgrows an article.
    """
    key = known_as(articles).label("key")
    sorted_first = select(Article.__table__, key).where(*selection.articles())
    # OFFSET keeps the planner from sorting everything together at the end instead.
    here = sorted_first.order_by(key).offset(0).subquery("articles")
    nothing = cast(null(), annotations.id.type)
    zero = literal_column("0", Integer)
    itself = _article(_text("article", engine), here.c).add_columns(
        zero.label("part"), zero.label("first"), zero.label("last"), nothing.label("tie")
    )
    inside = _tagged(
        select(
            _text("annotation", engine),
            literal_column("1", Integer),
            *TEXT_ORDER,
        ).select_from(Annotation.__table__),
        selection,
    ).where(annotations.article_id == here.c.id)
    lines = [itself, inside]
    if selection.earlier:
        told = _revision(_text("revision", engine), here.c)
        lines.append(told.add_columns(zero, revisions.number, zero, nothing))
    else:
        lines[1] = inside.where(annotations.revision == here.c.revision)
    both = union_all(*(each.correlate(here) for each in lines)).lateral("document")
    return (
        select(both.c.line)
        .select_from(here)
        .join(both, true())
        .order_by(here.c.key, both.c.part, both.c.first, both.c.last, both.c.tie)
    )


def link_lines(selection: Selection, engine: Engine) -> Statement:
    """The lines of links of which both ends go out."""
    return joined_links(selection, _text("link", engine))


_PARTS = {"article": ARTICLE, "revision": REVISION, "annotation": ANNOTATION, "link": LINK}


def _text(kind: str, engine: Engine) -> ColumnElement[str]:
    return literal_column(line(kind, _PARTS[kind], engine), Text).label("line")


def _the_article() -> ColumnElement[str]:
    return bindparam("article", None, type_=articles.id.type)


def _article(made: ColumnElement[str], here: Any) -> Statement:
    return (
        select(made)
        .select_from(Revision.__table__)
        .join(User.__table__, users.id == here.author_id)
        .join(REVISERS, REVISERS.c.id == revisions.author_id)
        .where(revisions.article_id == here.id, revisions.number == here.revision)
    )


def _revision(made: ColumnElement[str], here: Any) -> Statement:
    return (
        select(made)
        .select_from(Revision.__table__)
        .join(User.__table__, users.id == revisions.author_id)
        .where(revisions.article_id == here.id, revisions.number != here.revision)
    )


def _tagged(statement: Statement, selection: Selection) -> Statement:
    return (
        statement.join(User.__table__, users.id == annotations.author_id)
        .outerjoin(Verdict.__table__, verdicts.annotation_id == annotations.id)
        .outerjoin(JUDGES, JUDGES.c.id == verdicts.user_id)
        .where(*selection.annotations())
    )
