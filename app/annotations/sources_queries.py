"""Selects about sources: who they are, and what they said."""

from typing import Any

from sqlalchemy import Row, bindparam, select

from app.annotations.models import Said, Source, SourceName
from app.annotations.queries import annotations, visible_to
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door

sources, names, said = Source.__table__.c, SourceName.__table__.c, Said.__table__.c
DOOR = Door(
    select(sources.project_id).where(sources.id == bindparam("thing", type_=sources.id.type)),
    "source",
)


def listed(actor: Actor, ask: PageAsk, q: str | None) -> Page[Row[Any]]:
    """A page of the project's sources; with `q` those of whose names one has it."""
    statement = select(Source.__table__).where(sources.project_id == actor.project.id)
    if q:
        named = select(names.source_id).where(
            names.project_id == actor.project.id, names.name.icontains(q, autoescape=True)
        )
        statement = statement.where(sources.id.in_(named))
    return page_of(statement, [(sources.id, str)], ask, name="sources")


def get(actor: Actor, source_id: str, *, for_change: bool = False) -> Source:
    """One source of the project; where it shall be changed, others who would change it wait."""
    lock: Any = {"key_share": True} if for_change else None
    found = session().get(Source, source_id, with_for_update=lock)
    if found is None or found.project_id != actor.project.id:
        raise NotFound("There is no such source.")
    return found


def statements(actor: Actor, source_id: str, ask: PageAsk) -> Page[Row[Any]]:
    """The attributions that name the source under any of its names, over all articles."""
    keys = select(names.key).where(
        names.project_id == actor.project.id, names.source_id == source_id
    )
    attributed = select(said.annotation_id).where(
        said.project_id == actor.project.id, said.source_key.in_(keys)
    )
    statement = visible_to(actor).where(annotations.id.in_(attributed))
    return page_of(statement, [(annotations.id, str)], ask, name="statements")
