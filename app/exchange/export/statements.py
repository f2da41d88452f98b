"""The selects behind a dataset's rows. Native lines have their own, in `exchange.native`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, Text, and_, cast, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles.models import Article, Revision
from app.exchange.export.rows_of import moment
from app.exchange.export.selection import Selection, annotations, known_as, links, sources
from app.exchange.export.selection import articles as article
from app.links.models import Link
from app.links.queries import FROM, TO
from app.reviews.verdicts.models import Verdict

Statement = Select[*tuple[Any, ...]]
users, revisions, verdicts = User.__table__.c, Revision.__table__.c, Verdict.__table__.c
FROM_ARTICLE = Article.__table__.alias("from_article")
TO_ARTICLE = Article.__table__.alias("to_article")
TEXT_ORDER = (annotations.start_offset, -annotations.end_offset, known_as(annotations))
_TIMES = ("created_at", "updated_at")
_BESIDE = ("project_id", "original_id", "prefix", "suffix", "topic", "source_keys", "pair_low")


def article_sizes(selection: Selection) -> Statement:
    """The articles that go out, in order, with the length of each text."""
    key = known_as(article).label("key")
    return (
        select(article.id, revisions.codepoints)
        .join(Revision.__table__, _current())
        .where(*selection.articles())
        .order_by(key)
    )


def judged_article_sizes(selection: Selection) -> Statement:
    """The same, of articles in which something has a verdict."""
    judged = (
        select(annotations.article_id)
        .join(Verdict.__table__, verdicts.annotation_id == annotations.id)
        .where(verdicts.project_id == selection.actor.project.id)
    )
    return article_sizes(selection).where(article.id.in_(judged))


def articles(ids: Sequence[str], dialect: Dialect) -> Statement:
    """These articles with their texts, in order."""
    key = known_as(article).label("key")
    return (
        select(*_columns(article, dialect), key, revisions.text, revisions.sha256)
        .join(Revision.__table__, _current())
        .where(article.id.in_(ids))
        .order_by(key)
    )


def inside(selection: Selection, ids: Sequence[str], dialect: Dialect) -> Statement:
    """What is tagged in these articles, in text order within each.

    The article's id comes first, then what `rows_of.annotations_of` takes; JSON is text.
    """
    at = annotations
    return (
        select(
            at.article_id,
            known_as(at).label("key"),
            *(at.kind, at.start_offset, at.end_offset, at.exact),
            *(cast(one, Text).label(one.key) for one in (at.fragments, at.parts)),
            *(cast(one, Text).label(one.key) for one in (at.attributes, at.tags)),
            *(at.note, at.confidence, at.origin, at.score, at.state, at.layer, at.external_id),
            *(at.author_id, users.name, at.version),
            *(moment(one, dialect) for one in (at.created_at, at.updated_at)),
            *(verdicts.label, verdicts.justification),
        )
        .select_from(Annotation.__table__)
        .join(Article.__table__, article.id == annotations.article_id)
        .join(User.__table__, users.id == annotations.author_id)
        .outerjoin(Verdict.__table__, verdicts.annotation_id == annotations.id)
        .where(annotations.article_id.in_(ids), article.revision == annotations.revision)
        .where(*selection.annotations())
        .order_by(*TEXT_ORDER)
    )


def all_links(selection: Selection, dialect: Dialect) -> Statement:
    """Links of which both ends go out, in the order of their ids."""
    return joined_links(
        selection,
        *_columns(links, dialect),
        known_as(links).label("key"),
        known_as(FROM.c).label("from_key"),
        known_as(TO.c).label("to_key"),
        known_as(FROM_ARTICLE.c).label("from_article"),
        known_as(TO_ARTICLE.c).label("to_article"),
        FROM.c.article_id.label("inside"),
        users.name.label("author_name"),
    )


def joined_links(selection: Selection, *wanted: ColumnElement[Any]) -> Statement:
    """These columns of the same, of links, their authors, their ends and the ends' articles."""
    return (
        select(*wanted)
        .select_from(Link.__table__)
        .join(User.__table__, users.id == links.author_id)
        .join(FROM, FROM.c.id == links.from_id)
        .join(TO, TO.c.id == links.to_id)
        .join(FROM_ARTICLE, selection.holds(FROM_ARTICLE, FROM))
        .join(TO_ARTICLE, selection.holds(TO_ARTICLE, TO))
        .where(*selection.links())
        .order_by(known_as(links))
    )


def links_within(selection: Selection, ids: Sequence[str], dialect: Dialect) -> Statement:
    """Those that stay inside one of these articles."""
    return all_links(selection, dialect).where(
        FROM.c.article_id.in_(ids), TO.c.article_id == FROM.c.article_id
    )


def all_sources(selection: Selection, dialect: Dialect) -> Statement:
    """Sources in the order of their ids, without their names."""
    return (
        select(*_columns(sources, dialect), known_as(sources).label("key"))
        .where(*selection.sources())
        .order_by(known_as(sources))
    )


def _columns(table: Any, dialect: Dialect) -> list[Any]:
    return [
        moment(column, dialect) if column.key in _TIMES else column
        for column in table
        if column.key not in _BESIDE
    ]


def _current() -> ColumnElement[bool]:
    return and_(revisions.article_id == article.id, revisions.number == article.revision)
