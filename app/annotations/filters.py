"""The annotations of a project, by the filters that a list, an export or a review may have."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from app.annotations.beside import beside
from app.annotations.models import AnnotationTag, Said, SourceName
from app.annotations.names import fold
from app.annotations.queries import annotations, visible_to
from app.kernel.actor import Actor
from app.kernel.ids import is_id
from app.kernel.letters import holds
from app.kernel.paging import Page, PageAsk, page_of


def listed(actor: Actor, filters: dict[str, Any], ask: PageAsk) -> Page[Row[Any]]:
    """A page of the project's annotations in the order they were made."""
    statement = filtered(actor, visible_to(actor), filters)
    return page_of(statement, [(annotations.id, str)], ask, name="annotations")


def filtered(
    actor: Actor, statement: Select[*tuple[Any, ...]], filters: dict[str, Any]
) -> Select[*tuple[Any, ...]]:
    """The statement with the conditions that the filters ask for."""
    for name, value in filters.items():
        special = FILTERS.get(name)
        condition = special(actor, value) if special else annotations[name] == value
        statement = statement.where(condition)
    return statement


def _has_tag(actor: Actor, tag: str) -> ColumnElement[bool]:
    tags = AnnotationTag.__table__.c
    return annotations.id.in_(
        select(tags.annotation_id).where(tags.project_id == actor.project.id, tags.tag == tag)
    )


def _names_source(actor: Actor, source: str) -> ColumnElement[bool]:
    names, said = SourceName.__table__.c, Said.__table__.c
    here = names.project_id == actor.project.id
    if is_id(source.lower()):
        keys = select(names.key).where(here, names.source_id == source.lower())
    else:
        one = select(names.source_id).where(here, names.key == fold(source)).scalar_subquery()
        keys = select(names.key).where(here, names.source_id == one)
    return annotations.id.in_(
        select(said.annotation_id).where(
            said.project_id == actor.project.id, said.source_key.in_(keys)
        )
    )


def _has_words(_actor: Actor, q: str) -> ColumnElement[bool]:
    statement = annotations.attributes["statement"].as_string()
    return or_(
        holds(annotations.exact, q),
        holds(statement, q),
        holds(annotations.note, q),
    )


def _linked(actor: Actor, wanted: bool) -> ColumnElement[bool]:
    condition = beside.linked(actor)
    return condition if wanted else ~condition


FILTERS: dict[str, Callable[[Actor, Any], ColumnElement[bool]]] = {
    "author": lambda _, value: annotations.author_id == value,
    "article": lambda _, value: annotations.article_id == value,
    "tag": _has_tag,
    "source": _names_source,
    "q": _has_words,
    "created_after": lambda _, value: annotations.created_at > value,
    "updated_after": lambda _, value: annotations.updated_at > value,
    "linked": _linked,
}
