"""The names a source goes by: each leads, folded, to one source of its project."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.annotations.models import Source, SourceName
from app.annotations.names import fold
from app.annotations.queries import works_blind
from app.annotations.sources import queries
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict

Json = dict[str, Any]


def aliases_of(ids: Sequence[str]) -> dict[str, list[str]]:
    """Source id → all its names, the source's own among them, in order of key."""
    names: dict[str, list[str]] = {}
    rows = session().execute(
        select(SourceName.key, SourceName.source_id, SourceName.name).where(
            SourceName.source_id.in_(ids)
        )
    )
    for _, source_id, name in sorted(rows):  # here, since databases sort by their own locales
        names.setdefault(source_id, []).append(name)
    return names


def says(source: Source, names: list[str], data: Json) -> bool:
    """Whether a source with these names says what the data says."""
    alike = (source.name, source.type) == (data["name"], data.get("type"))
    return alike and _by_key(source, names) == _by_key(source, data.get("aliases") or [])


def _by_key(source: Source, names: Iterable[str]) -> dict[str, str]:
    """These names by their keys, and the source's own, whose spelling goes before an alias's."""
    return {fold(name): name for name in [*names, source.name]}


def put_names(actor: Actor, source: Source, aliases: list[str]) -> None:
    """Let the source have these names and no others; those that attributions use must stay."""
    wanted = _by_key(source, aliases)
    names = SourceName.__table__.c
    held = select(names.key, names.name).where(names.source_id == source.id)
    have = {row.key: row.name for row in session().execute(held)}
    for key in wanted.keys() & have.keys():
        if wanted[key] != have[key]:
            _respell(source, key, wanted[key])
    rows = [
        {"project_id": source.project_id, "key": key, "name": name, "source_id": source.id}
        for key, name in sorted(wanted.items())
        if key not in have
    ]
    try:
        if rows:
            session().execute(insert(SourceName), rows)
    except IntegrityError:
        raise _name_taken(actor, list(wanted)) from None
    if gone := have.keys() - wanted.keys():
        _drop_names(actor, source, gone)


def _respell(source: Source, key: str, name: str) -> None:
    session().execute(
        update(SourceName)
        .where(SourceName.project_id == source.project_id, SourceName.key == key)
        .values(name=name)
    )


def _drop_names(actor: Actor, source: Source, gone: set[str]) -> None:
    if works_blind(actor):  # whether somebody uses it would tell what that person tagged
        told = "While this project is blind, others may use this name; it must stay an alias."
        raise Conflict(told, code="alias_in_use", names=sorted(gone))
    statement = delete(SourceName).where(
        SourceName.project_id == source.project_id, SourceName.key.in_(gone)
    )
    try:
        session().execute(statement)
    except IntegrityError:
        told = "Attributions use this name, so it must stay an alias."
        raise Conflict(told, code="alias_in_use", names=sorted(gone)) from None


def _name_taken(actor: Actor, keys: list[str]) -> Conflict:
    """A name has a source already; which one is told to those who may know of it."""
    session().rollback()
    row = queries.find_named(actor, keys)
    return Conflict(
        f"{row.name if row else 'The name'!r} is a name of another source already; merge the two.",
        code="name_taken",
        id=row.source_id if row else None,
    )
