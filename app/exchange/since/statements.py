"""The selects of what changed: lines as the native export has them, and the ids of what is gone.

A thing is gone where a native export has it no more: it was deleted, or merged into another.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.annotations.models import Annotation
from app.articles.models import Article, Revision
from app.exchange.export.selection import annotations, articles, known_as, links, sources
from app.exchange.export.statements import FROM_ARTICLE, TO_ARTICLE
from app.exchange.feed.queries import ORDER, changes
from app.exchange.native.notation import Engine, Part, line
from app.exchange.native.statements import JUDGES, REVISERS
from app.exchange.native.written import ANNOTATION, ARTICLE, REVISION
from app.exchange.since.selection import Changed
from app.history.models import Change
from app.kernel.columns import Id
from app.links.models import Link
from app.links.queries import FROM, TO
from app.reviews.verdicts.models import Verdict

Statement = Select[*tuple[Any, ...]]
users, revisions, verdicts = User.__table__.c, Revision.__table__.c, Verdict.__table__.c
KINDS = ("link", "annotation", "article", "source")
"""What can be gone, in an order in which it can be taken away."""


def article_lines(changed: Changed, engine: Engine) -> Statement:
    """The articles that changed, each without what is tagged in it."""
    present = and_(revisions.article_id == articles.id, revisions.number == articles.revision)
    return (
        select(_made("article", ARTICLE, engine))
        .select_from(Article.__table__)
        .join(Revision.__table__, present)
        .join(User.__table__, users.id == articles.author_id)
        .join(REVISERS, REVISERS.c.id == revisions.author_id)
        .where(*changed.articles())
        .order_by(known_as(articles))
    )


def revision_lines(changed: Changed, engine: Engine) -> Statement:
    """The earlier texts of the articles that changed."""
    return (
        select(_made("revision", REVISION, engine))
        .select_from(Revision.__table__)
        .join(Article.__table__, articles.id == revisions.article_id)
        .join(User.__table__, users.id == revisions.author_id)
        .where(*changed.articles(), revisions.number != articles.revision)
        .order_by(known_as(articles), revisions.number)
    )


def annotation_lines(changed: Changed, engine: Engine) -> Statement:
    """The annotations that changed."""
    return (
        select(_made("annotation", ANNOTATION, engine))
        .select_from(Annotation.__table__)
        .join(Article.__table__, articles.id == annotations.article_id)
        .join(User.__table__, users.id == annotations.author_id)
        .outerjoin(Verdict.__table__, verdicts.annotation_id == annotations.id)
        .outerjoin(JUDGES, JUDGES.c.id == verdicts.user_id)
        .where(*changed.annotations())
        .order_by(known_as(annotations))
    )


def gone(changed: Changed, thing: str) -> Statement:
    """The ids that things of a kind went out under which stand no more, each once."""
    later = aliased(Change)
    again = exists().where(
        later.thing_id == changes.thing_id,
        later.project_id == changes.project_id,
        tuple_(later.tx, later.seq) > tuple_(*ORDER),
        tuple_(later.tx, later.seq) <= tuple_(changed.end.tx, changed.end.seq),
    )
    stands = _standing(changed, thing).exists()
    statement = changed.ids_of(thing).with_only_columns(_went_out_as())
    return statement.where(~again, ~stands).order_by(*ORDER)


def _went_out_as() -> ColumnElement[str]:
    """The id a thing had where it was first made; of what is gone, only history knows it."""
    made = aliased(Change)
    known = (
        select(cast(made.after["original_id"].as_string(), Id))
        .where(made.thing_id == changes.thing_id, made.action == "imported")
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(known, changes.thing_id)


def _standing(changed: Changed, thing: str) -> Statement:
    """The thing of the change at hand, as long as an export has it."""
    every = changed.everything
    match thing:
        case "article":
            found = select(articles.id).where(*every.articles(), articles.id == changes.thing_id)
        case "annotation":
            found = (
                select(annotations.id)
                .join(Article.__table__, articles.id == annotations.article_id)
                .where(*every.annotations(), annotations.id == changes.thing_id)
            )
        case "source":
            found = select(sources.id).where(*every.sources(), sources.id == changes.thing_id)
        case _:
            found = _standing_link(changed)
    return found.correlate(Change.__table__)


def _standing_link(changed: Changed) -> Select[tuple[str]]:
    return (
        select(links.id)
        .select_from(Link.__table__)
        .join(FROM, FROM.c.id == links.from_id)
        .join(TO, TO.c.id == links.to_id)
        .join(FROM_ARTICLE, changed.holds(FROM_ARTICLE, FROM))
        .join(TO_ARTICLE, changed.holds(TO_ARTICLE, TO))
        .where(*changed.everything.links(), links.id == changes.thing_id)
    )


def _made(kind: str, parts: tuple[Part, ...], engine: Engine) -> ColumnElement[str]:
    return literal_column(line(kind, parts, engine), Text).label("line")
