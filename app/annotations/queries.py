"""Selects about annotations. Each starts from what the actor may see."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
)

from app.accounts.models import User
from app.annotations.beside import beside
from app.annotations.models import Annotation, Unveiled
from app.articles.models import Article
from app.kernel.actor import Actor, Role
from app.kernel.columns import Moment, Stored
from app.kernel.db import run, session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door

annotations, articles = Annotation.__table__.c, Article.__table__.c
DOOR = Door(
    select(
        annotations.project_id, annotations.article_id, annotations.revision, annotations.author_id
    ).where(annotations.id == bindparam("thing", type_=annotations.id.type)),
    "annotation",
)
AS_STORED = ("attributes", "tags")
NOT_SHOWN = ("topic", "source_keys", "original_id")
BACKWARD = (-annotations.end_offset).label("backward")
TEXT_ORDER = (annotations.start_offset, -annotations.end_offset, annotations.id)
IS_ATTRIBUTION = annotations.kind == literal_column("'attribution'")
"""Written out, as it is the same each time."""


PROJECT = bindparam("project", type_=annotations.project_id.type)
ME = bindparam("me", type_=annotations.author_id.type)
ARTICLE = bindparam("article", type_=annotations.article_id.type)


def works_blind(actor: Actor) -> bool:
    """Whether the others' work is hidden from the actor until the actor's own is done."""
    return bool(actor.project.settings.get("blind")) and actor.role == Role.annotator


def is_done(user: Any, article_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a user is done with an article, so that nothing of it is hidden."""
    unveiled = Unveiled.__table__.c
    return exists().where(unveiled.article_id == article_id, unveiled.user_id == user)


def seen(blind: bool, project: Any = PROJECT, user: Any = ME) -> ColumnElement[bool]:
    """The condition that a user, who may work blind, may see an annotation of the project.

    Who works blind sees the others' work on an article only once done with it; the reviews
    room writes down who is. Without values the condition has the parameters `project` and
    `me`, for statements that are built once: building one costs more than running it.
    """
    here: ColumnElement[bool] = annotations.project_id == project
    if not blind:
        return here
    return and_(here, or_(annotations.author_id == user, is_done(user, annotations.article_id)))


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may see an annotation of the project entered."""
    return seen(works_blind(actor), actor.project.id, actor.id)


def _with_author(
    condition: ColumnElement[bool], columns: Iterable[ColumnElement[Any]] = tuple(annotations)
) -> Select[*tuple[Any, ...]]:
    users = User.__table__.c
    return (
        select(*columns, users.name.label("author_name"), beside.verdict.label("verdict"))
        .select_from(Annotation.__table__)
        .join(User.__table__, users.id == annotations.author_id)
        .where(condition)
    )


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The annotations that the actor may see, each with its author's name and its verdict."""
    return _with_author(seen_by(actor))


def get(actor: Actor, annotation_id: str) -> Row[Any]:
    """One annotation as a row."""
    statement = visible_to(actor).where(annotations.id == annotation_id)
    if row := session().execute(statement).one_or_none():
        return row
    raise NotFound("There is no such annotation.")


def get_for_change(actor: Actor, annotation_id: str) -> Annotation:
    """One annotation as the thing to change; others who would change it wait."""
    statement = select(Annotation).where(seen_by(actor), Annotation.id == annotation_id)
    statement = statement.with_for_update(key_share=True)
    if found := session().scalar(statement):
        return found
    raise NotFound("There is no such annotation.")


def get_many(actor: Actor, ids: Sequence[str]) -> list[Row[Any]]:
    """These annotations, of those that the actor may see."""
    return list(session().execute(visible_to(actor).where(annotations.id.in_(ids))))


def held(actor: Actor, ids: Sequence[str]) -> set[str]:
    """Which of these the actor may see; they stay until the commit.

    They are held in the order in which those who delete hold them, lest two wait for each other.
    """
    statement = select(annotations.id).where(seen_by(actor), annotations.id.in_(ids))
    statement = statement.order_by(annotations.id)
    return set(session().scalars(statement.with_for_update(read=True, key_share=True)))


def of_article(actor: Actor, article_id: str, limit: int) -> list[Row[Any]]:
    """An article's annotations in text order, one more than the limit if there are more.

    Attributes, tags and moments come in the form in which the wire and history have them.
    """
    given = {"project": actor.project.id, "me": actor.id, "article": article_id, "most": limit + 1}
    return list(run(_of_article(works_blind(actor)), given).all())


def _as_kept(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column in the form that goes on the wire as it comes from the driver."""
    if column.name in AS_STORED:
        return cast(column, Stored).label(column.name)
    return (
        type_coerce(column, String).label(column.name)
        if isinstance(column.type, Moment)
        else column
    )


@cache
def _of_article(blind: bool) -> Select[*tuple[Any, ...]]:
    columns = [_as_kept(column) for column in annotations if column.name not in NOT_SHOWN]
    statement = _with_author(seen(blind), columns).where(annotations.article_id == ARTICLE)
    return statement.order_by(*TEXT_ORDER).limit(bindparam("most", type_=Integer))


def page_of_article(
    actor: Actor, article_id: str, anchoring: str | None, ask: PageAsk
) -> Page[Row[Any]]:
    """A page of an article's annotations in text order.

    Without `anchoring` those that mark the present text: offsets into other texts say nothing
    about this one.
    """
    statement = visible_to(actor).add_columns(BACKWARD).where(annotations.article_id == article_id)
    if anchoring is None:
        statement = statement.where(annotations.anchoring != "orphaned")
    else:
        statement = statement.where(annotations.anchoring == anchoring)
    by: list[tuple[ColumnElement[Any], type]] = [
        (annotations.start_offset, int),
        (BACKWARD, int),
        (annotations.id, str),
    ]
    return page_of(statement, by, ask, name="text")


def contents(actor: Actor, article_ids: Sequence[str], start: int, end: int) -> list[Row[Any]]:
    """The attributions in these articles whose span meets start…end, with their parts."""
    told = (annotations.id, annotations.article_id, annotations.revision, annotations.parts)
    statement = select(*told).where(
        seen_by(actor),
        annotations.article_id.in_(article_ids),
        IS_ATTRIBUTION,
        annotations.start_offset < end,
        annotations.end_offset > start,
    )
    return list(session().execute(statement))


def find_by_external_ids(actor: Actor, external_ids: Sequence[str]) -> dict[str, str | None]:
    """External id → id, of those that the project has; None where it is hidden from the actor."""
    known = case((seen_by(actor), annotations.id), else_=null()).label("id")
    statement = select(annotations.external_id, known).where(
        annotations.project_id == actor.project.id, annotations.external_id.in_(external_ids)
    )
    return {row.external_id: row.id for row in session().execute(statement)}
