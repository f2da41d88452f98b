"""Selects about sources: who they are, and what they said."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, or_, select

from app.annotations.models import Said, Source, SourceName
from app.annotations.queries import annotations, visible_to, works_blind
from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.letters import holds
from app.kernel.paging import Page, PageAsk, page_of
from app.projects.doors import Door

sources, names, said = Source.__table__.c, SourceName.__table__.c, Said.__table__.c
changes = Change.__table__.c
MADE = ("created", "imported")
DOOR = Door(
    select(sources.project_id).where(sources.id == bindparam("thing", type_=sources.id.type)),
    "source",
)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may know of a source of the project.

    A source that someone named in an attribution tells what that person tagged. So while a
    project is blind, an annotator knows of the sources that reviewers and managers made for
    all, of those of their own making, and of those named where the annotator may look.
    """
    here = sources.project_id == actor.project.id
    if not works_blind(actor):
        return here
    made = exists().where(
        changes.thing_id == sources.id,
        changes.action.in_(MADE),
        or_(changes.author_id.is_(None), changes.author_id == actor.id),
    )
    keys = select(names.key).where(
        names.project_id == actor.project.id, names.source_id == sources.id
    )
    seen = visible_to(actor).with_only_columns(annotations.id)
    named = exists().where(
        said.project_id == actor.project.id,
        said.source_key.in_(keys.correlate(Source.__table__)),
        said.annotation_id.in_(seen),
    )
    return and_(here, or_(made, named))


def listed(actor: Actor, ask: PageAsk, q: str | None) -> Page[Row[Any]]:
    """A page of the project's sources; with `q` those of whose names one has it."""
    statement = select(Source.__table__).where(seen_by(actor))
    if q:
        named = select(names.source_id).where(
            names.project_id == actor.project.id, holds(names.name, q)
        )
        statement = statement.where(sources.id.in_(named))
    return page_of(statement, [(sources.id, str)], ask, name="sources")


def get(actor: Actor, source_id: str, *, for_change: bool = False) -> Source:
    """One source of the project; `for_change` lets others who would change it wait."""
    lock: Any = {"key_share": True} if for_change else None
    statement = select(sources.id).where(seen_by(actor), sources.id == source_id)
    if session().scalar(statement) is None:
        raise NotFound("There is no such source.")
    if found := session().get(Source, source_id, with_for_update=lock):
        return found
    raise NotFound("There is no such source.")


def maker_of(source_id: str) -> str | None:
    """Whose work a source was when it was made; None where it was made for all."""
    made = select(changes.author_id).where(changes.thing_id == source_id, changes.action.in_(MADE))
    return session().scalar(made)


def find_named(actor: Actor, keys: Sequence[str]) -> Row[str, str] | None:
    """A name and the id of its source, of those names that a source has which the actor sees."""
    statement = (
        select(names.name, names.source_id)
        .join(Source.__table__, sources.id == names.source_id)
        .where(seen_by(actor), names.project_id == actor.project.id, names.key.in_(keys))
    )
    return session().execute(statement).first()


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
