"""Selects about articles. Each starts from the project that the actor entered."""

from functools import cache
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, select

from app.accounts.models import User
from app.articles.models import Article, Revision
from app.articles.search import matches
from app.kernel.actor import Actor
from app.kernel.db import run, session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, cursor_of, page_of
from app.projects.doors import Door

articles, revisions = Article.__table__.c, Revision.__table__.c
DOOR = Door(
    select(articles.project_id, articles.id.label("article_id"), articles.revision).where(
        articles.id == bindparam("thing", type_=articles.id.type)
    ),
    "article",
)
MOST_OF_TEXTS = 4_000_000
"""Code points that the texts of one page have together, unless one alone has more."""
_LIST = "articles"
LENGTHS = (revisions.sha256, revisions.codepoints, revisions.utf16, revisions.bytes)


def _shown(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Articles as they are shown, each with the measures of its present text."""
    return (
        select(Article.__table__, *LENGTHS, *more, User.__table__.c.name.label("author_name"))
        .select_from(Article.__table__)
        .join(
            Revision.__table__,
            (revisions.article_id == articles.id) & (revisions.number == articles.revision),
        )
        .join(User.__table__, User.__table__.c.id == articles.author_id)
    )


OPEN_DOOR = Door(
    _shown(revisions.text).where(articles.id == bindparam("thing", type_=articles.id.type)),
    "article",
)
"""A door through which the whole article is seen, for those who come to read it."""


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The project's articles, each with the measures of its present text."""
    return _in_project(actor.project.id, with_text=False)


def _in_project(project: Any, *, with_text: bool) -> Select[*tuple[Any, ...]]:
    more = (revisions.text,) if with_text else ()
    return _shown(*more).where(articles.project_id == project)


@cache
def _one(with_text: bool) -> Select[*tuple[Any, ...]]:
    """The statement of `get`, built once: that costs more than running it."""
    project, article = (bindparam(name, type_=articles.id.type) for name in ("project", "article"))
    return _in_project(project, with_text=with_text).where(articles.id == article)


def get(actor: Actor, article_id: str, *, with_text: bool = False) -> Row[Any]:
    """One article as a row."""
    given = {"project": actor.project.id, "article": article_id}
    if row := run(_one(with_text), given).one_or_none():
        return row
    raise NotFound("There is no such article.")


def get_for_change(actor: Actor, article_id: str) -> Article:
    """One article as the thing to change; others who would change it wait."""
    found = session().get(Article, article_id, with_for_update={"key_share": True})
    if found is None or found.project_id != actor.project.id:
        raise NotFound("There is no such article.")
    return found


def get_for_tagging(actor: Actor, article_id: str) -> Article:
    """One article as the thing to change for somebody who tags it as well.

    The text is held before the article, as in `get_for_removal`, lest two wait for each other.
    """
    session().execute(_texts(article_id).with_for_update(read=True, key_share=True))
    return get_for_change(actor, article_id)


def get_for_revision(actor: Actor, article_id: str) -> Article:
    """One article whose text is to change: until the commit nobody can tag it.

    Whoever tags holds the article by `FOR KEY SHARE` (its foreign key does so), which is in the
    way of nothing but this and deletion: those who tag wait neither for each other nor for edits
    of metadata. A trigger then compares the text they tagged with the present one.
    """
    found = session().get(Article, article_id, with_for_update=True)
    if found is None or found.project_id != actor.project.id:
        raise NotFound("There is no such article.")
    return found


def get_for_removal(actor: Actor, article_id: str) -> Article:
    """One article that is about to go: whoever tags it meanwhile waits, and finds it gone.

    Whoever tags holds the text before the article, in the order of the foreign keys; so it is
    done here, lest two wait for each other.
    """
    session().execute(_texts(article_id).with_for_update())
    return get_for_revision(actor, article_id)


def _texts(article_id: str) -> Select[str]:
    its_texts = select(revisions.id).where(revisions.article_id == article_id)
    return its_texts.order_by(revisions.id)


def held_revision(article_id: str) -> int:
    """The number of an article's present text, which stays the present one until the commit."""
    statement = select(articles.revision).where(articles.id == article_id)
    held: int | None = session().scalar(statement.with_for_update(read=True, key_share=True))
    if held is None:
        raise NotFound("There is no such article.")
    return held


def find_by_external_id(actor: Actor, external_id: str) -> str | None:
    """The id of the article that bears this external id."""
    return session().scalar(
        select(articles.id).where(
            articles.project_id == actor.project.id, articles.external_id == external_id
        )
    )


def listed(actor: Actor, filters: dict[str, Any], ask: PageAsk) -> Page[Row[Any]]:
    """A page of articles in the order they came, without their texts."""
    statement = visible_to(actor)
    if q := filters.pop("q", None):
        statement = statement.where(matches(q))
    for name, value in filters.items():
        statement = statement.where(articles[name] == value)
    return page_of(statement, [(articles.id, str)], ask, name=_LIST)


def as_far_as_texts_fit(page: Page[Row[Any]]) -> Page[Row[Any]]:
    """The page, ended before its texts together are longer than a page may hold."""
    lengths = accumulate(row.codepoints for row in page.items)
    fitting = max(1, sum(length <= MOST_OF_TEXTS for length in lengths))
    if fitting >= len(page.items):
        return page
    items = page.items[:fitting]
    return Page(items, cursor_of(_LIST, [items[-1].id]))


def revisions_of(article_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """The texts that an article had, oldest first, without the texts."""
    statement = _revision(revisions.number, *LENGTHS, *_MADE).where(
        revisions.article_id == article_id
    )
    return page_of(statement, [(revisions.number, int)], ask, name="revisions")


def get_revision(article_id: str, number: int) -> Row[Any]:
    """One text that an article had."""
    statement = _revision(revisions.number, revisions.text, *LENGTHS, *_MADE).where(
        revisions.article_id == article_id, revisions.number == number
    )
    if number < 2**31 and (row := session().execute(statement).one_or_none()):
        return row
    raise NotFound("There is no such revision.")


_MADE = (revisions.created_at, revisions.author_id, User.__table__.c.name.label("author_name"))


def _revision(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Revision.__table__)
        .join(User.__table__, User.__table__.c.id == revisions.author_id)
    )
