"""Selects about links. Each starts from what the actor may see."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    union_all,
)

from app.accounts.models import User
from app.annotations.models import Annotation
from app.annotations.queries import ME, PROJECT, annotations, is_done, works_blind
from app.kernel.actor import Actor
from app.kernel.db import run, session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.links.models import Link
from app.projects.doors import Door

links, users = Link.__table__.c, User.__table__.c
FROM, TO = Annotation.__table__.alias("from_end"), Annotation.__table__.alias("to_end")
MARKED, NEAR = Annotation.__table__.alias("marked"), Link.__table__.alias("near")
DOOR = Door(
    select(links.project_id).where(links.id == bindparam("thing", type_=links.id.type)), "link"
)
ENDS = tuple(
    column.label(f"{end}_{column.name}")
    for end, table in (("from", FROM), ("to", TO))
    for column in (table.c.article_id, table.c.kind, table.c.exact)
)


def seen(blind: bool, project: Any = PROJECT, user: Any = ME) -> ColumnElement[bool]:
    """The condition that a user may see a link, on a select that has both ends.

    Who works blind sees the others' links only once done with the articles of both ends.
    `project` and `user` are as in `annotations.queries.seen`.
    """
    here: ColumnElement[bool] = links.project_id == project
    if not blind:
        return here
    return and_(here, or_(links.author_id == user, is_done_with_both(user)))


def is_done_with_both(user: Any) -> ColumnElement[bool]:
    """The condition that a user is done with the articles of both ends, likewise."""
    return and_(is_done(user, FROM.c.article_id), is_done(user, TO.c.article_id))


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may see a link, on a select that has both ends."""
    return seen(works_blind(actor), actor.project.id, actor.id)


def with_ends(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The statement about links, joined with the annotations at their ends."""
    return statement.join(FROM, FROM.c.id == links.from_id).join(TO, TO.c.id == links.to_id)


def those_seen(
    actor: Actor, statement: Select[*tuple[Any, ...]], *, ends: bool = False
) -> Select[*tuple[Any, ...]]:
    """The statement about links, of those that the actor may see; with both `ends`, if wanted.

    Who does not work blind sees links whatever their ends, which then need not be looked up.
    """
    if ends or works_blind(actor):
        statement = with_ends(statement)
    return statement.where(seen_by(actor))


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The links that the actor may see, each with its author's name and both ends."""
    return _complete(seen_by(actor))


def _complete(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    statement = select(Link.__table__, users.name.label("author_name"), *ENDS).select_from(
        Link.__table__
    )
    return with_ends(statement).join(User.__table__, users.id == links.author_id).where(condition)


def get(actor: Actor, link_id: str) -> Row[Any]:
    """One link as a row."""
    if row := session().execute(visible_to(actor).where(links.id == link_id)).one_or_none():
        return row
    raise NotFound("There is no such link.")


def get_for_change(actor: Actor, link_id: str) -> Link:
    """One link as the thing to change; others who would change it wait."""
    get(actor, link_id)
    if found := session().get(Link, link_id, with_for_update={"key_share": True}):
        return found
    raise NotFound("There is no such link.")  # deleted while we waited


def listed(actor: Actor, filters: dict[str, Any], ask: PageAsk) -> Page[Row[Any]]:
    """A page of links in the order they were made."""
    statement = filtered(visible_to(actor), filters)
    return page_of(statement, [(links.id, str)], ask, name="links")


def filtered(
    statement: Select[*tuple[Any, ...]], filters: dict[str, Any]
) -> Select[*tuple[Any, ...]]:
    """The statement with the conditions that the filters ask for."""
    for name, value in filters.items():
        special = FILTERS.get(name)
        statement = statement.where(special(value) if special else links[name] == value)
    return statement


FILTERS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "annotation": lambda value: _ends_at(MARKED.c.id == value),
    "article": lambda value: touches(value),
    "cross_article": lambda value: (FROM.c.article_id != TO.c.article_id) == value,
    "author": lambda value: links.author_id == value,
    "group": lambda value: links.group_name == value,
    "created_after": lambda value: links.created_at > value,
    "updated_after": lambda value: links.updated_at > value,
}


def touches(article_id: Any) -> ColumnElement[bool]:
    """The condition that a link has an end in the article."""
    return _ends_at(MARKED.c.article_id == article_id)


def ends_among(marked: Select[str]) -> ColumnElement[bool]:
    """The condition that a link, whoever made it, has an end among the annotations selected."""
    return _ends_at(MARKED.c.id.in_(marked))


def _ends_at(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition that a link has an end among the annotations `MARKED` that fulfil this one.

    It leads from these to their links; with an `or` both engines read all links of the project.
    """
    each = (
        select(NEAR.c.id)
        .select_from(MARKED)
        .join(NEAR, and_(NEAR.c.project_id == MARKED.c.project_id, end == MARKED.c.id))
        .where(condition)
        for end in (NEAR.c.from_id, NEAR.c.to_id)
    )
    return links.id.in_(union_all(*each))


def of_article(actor: Actor, article_id: str) -> list[Row[Any]]:
    """All links with an end in the article, in the order they were made."""
    given = {"project": actor.project.id, "me": actor.id, "article": article_id}
    return list(run(_of_article(works_blind(actor)), given).all())


@cache
def _of_article(blind: bool) -> Select[*tuple[Any, ...]]:
    article = bindparam("article", type_=annotations.article_id.type)
    return _complete(seen(blind)).where(touches(article)).order_by(links.id)


def counts(actor: Actor, ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
    """How many links of each relation these annotations have."""
    each = [
        with_ends(select(end.label("id"), links.relation).select_from(Link.__table__)).where(
            seen_by(actor), end.in_(ids)
        )
        for end in (links.from_id, links.to_id)
    ]
    ends = union_all(*each).subquery()
    statement = select(ends.c.id, ends.c.relation, func.count()).group_by(
        ends.c.id, ends.c.relation
    )
    found: dict[str, dict[str, int]] = {}
    for id_, relation, count in session().execute(statement):
        found.setdefault(id_, {})[relation] = count
    return found


def is_linked(actor: Actor) -> ColumnElement[bool]:
    """The condition that an annotation has a link which the actor may see."""
    ends = (
        with_ends(select(end).select_from(Link.__table__)).where(seen_by(actor))
        for end in (links.from_id, links.to_id)
    )
    first, second = (annotations.id.in_(end) for end in ends)
    return or_(first, second)


def find_pair(author_id: str, low: str, high: str) -> str | None:
    """The id of an author's link of a pair."""
    return session().scalar(
        select(links.id).where(
            links.pair_low == low,
            links.pair_high == high,
            links.author_id == author_id,
            links.layer == "annotator",
        )
    )


def find_by_external_id(actor: Actor, external_id: str) -> Row[Any] | None:
    """The link that bears this external id: its id, or None where it is hidden from the actor."""
    known = case((seen_by(actor), links.id), else_=null()).label("id")
    statement = with_ends(select(known).select_from(Link.__table__))
    named = (links.project_id == actor.project.id, links.external_id == external_id)
    return session().execute(statement.where(*named)).one_or_none()


def find_external_ids(actor: Actor) -> set[str]:
    """Every external id that the project's links bear."""
    statement = select(links.external_id).where(
        links.project_id == actor.project.id, links.external_id.is_not(None)
    )
    return set(session().scalars(statement))
