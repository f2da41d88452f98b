"""Making sources where an attribution names them, and renaming and merging them."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, column, delete, insert, select, table, update

from app.annotations.models import Source, SourceName
from app.annotations.names import fold
from app.annotations.policy import RULES
from app.annotations.sources import queries
from app.annotations.sources.naming import aliases_of, put_names, says
from app.annotations.sources.presenting import document
from app.history.models import Change
from app.history.record import Thing, changed, record, take
from app.kernel.actor import Actor, Role
from app.kernel.clock import now
from app.kernel.db import run, session
from app.kernel.errors import invalid_field
from app.kernel.ids import new_id
from app.kernel.permissions import require

Json = dict[str, Any]


def ensure_sources(
    actor: Actor, attributes: Iterable[Json], known: Iterable[str] | None = None
) -> None:
    """Make the sources that attributions name and nobody named before.

    What history tells so far is then written in the same statement. `known` are the keys that
    have a source, where the caller has asked already.
    """
    named: dict[str, Json] = {}
    for each in attributes:
        for source in each.get("sources", ()):
            named.setdefault(fold(source["name"]), source)
    if not named:
        return
    have = set(_known(actor, list(named)) if known is None else known)
    fresh = {key: source for key, source in named.items() if key not in have}
    if fresh:
        _make(actor, fresh)


def _known(actor: Actor, keys: Sequence[str]) -> Iterable[str]:
    return session().scalars(
        select(SourceName.key).where(
            SourceName.project_id == actor.project.id, SourceName.key.in_(keys)
        )
    )


# A view: see the migration that makes it, and `create`, which does the same step by step.
_CLAIM = insert(
    table(
        "claiming_changes",
        *(column(told.name, told.type) for told in Change.__table__.columns),
        column("claims", Text()),
    )
).inline()


def _make(actor: Actor, fresh: dict[str, Json]) -> None:
    """Make sources that are named by these keys, and write what history tells so far.

    A change that claims a name makes the source that it tells of. Where someone claimed the name
    at the same moment nothing comes of it: theirs stands, and what is said refers to theirs.
    """
    earlier = [{**row, "claims": None} for row in take()]
    for source in fresh.values():
        record(
            actor,
            "created",
            "source",
            Thing(new_id()),
            after={"name": source["name"], "type": source.get("type"), "aliases": []},
            author_id=actor.id,  # it tells what was tagged, whoever tagged it
        )
    claims = [{**row, "claims": key} for key, row in zip(fresh, take(), strict=True)]
    # In one order, lest two who claim the same names wait for each other.
    claims.sort(key=itemgetter("claims"))
    run(_CLAIM, claims + earlier)


def create(actor: Actor, data: Json) -> Source:
    """Make a source with its aliases."""
    require(RULES, "edit_sources", actor)
    moment = now()
    source = Source(
        id=new_id(),
        project_id=actor.project.id,
        name=data["name"],
        type=data.get("type"),
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    session().add(source)
    session().flush()  # names refer to it
    put_names(actor, source, data.get("aliases") or [])
    after = document(source, aliases_of([source.id]))
    record(actor, "created", "source", source, after=after, author_id=_own(actor))
    return source


def edit(actor: Actor, source: Source, data: Json) -> Source:
    """Rename a source, change its type, or replace its aliases; nothing new is no new version."""
    require(RULES, "edit_sources", actor)
    names = aliases_of([source.id])
    before = document(source, names)
    if says(source, names[source.id], data):
        return source
    source.name = data["name"]
    source.type = data.get("type")
    source.updated_at = now()
    session().flush()  # counts the version, and finds out who was outrun
    put_names(actor, source, data.get("aliases") or [])
    was, is_now = changed(before, document(source, aliases_of([source.id])))
    whose = _own(actor) or _whose(source)
    record(actor, "edited", "source", source, before=was, after=is_now, author_id=whose)
    return source


def merge(actor: Actor, source: Source, into: Source) -> Source:
    """Let everything that `source` said have been said by `into`, under all its names."""
    require(RULES, "merge_sources", actor)
    if source.id == into.id:
        raise invalid_field("/into", "same_source", "A source cannot be merged into itself.")
    names = aliases_of([source.id, into.id])
    before, into_before = document(source, names), document(into, names)
    session().execute(
        update(SourceName).where(SourceName.source_id == source.id).values(source_id=into.id)
    )
    gone = {"into": into.id}
    record(actor, "merged", "source", source, before=before, after=gone, author_id=_whose(source))
    session().execute(delete(Source).where(Source.id == source.id))
    into.updated_at = now()
    session().flush()  # counts the version
    was, is_now = changed(into_before, document(into, aliases_of([into.id])))
    record(actor, "edited", "source", into, before=was, after=is_now, author_id=_whose(into))
    return into


def _own(actor: Actor) -> str | None:
    """Whose work it is to look after sources: an annotator's own; a reviewer does it for all."""
    return actor.id if actor.role is not None and actor.role < Role.reviewer else None


def _whose(source: Source) -> str | None:
    """Whose work a source was when it was made; None where it was made for all."""
    return queries.maker_of(source.id)
