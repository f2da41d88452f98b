"""The verbs of linking."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Row, Select, Table, delete, insert
from sqlalchemy.exc import IntegrityError

from app.annotations import queries as annotation_queries
from app.annotations.states import AFTER_EDIT
from app.history.record import Thing, changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, Refused, fault, invalid_field, refused
from app.kernel.ids import new_id
from app.kernel.permissions import require
from app.links import queries
from app.links.models import Link
from app.links.policy import RULES
from app.links.presenting import core

Json = dict[str, Any]
_TABLE = cast(Table, Link.__table__)
EDITABLE = (
    "relation",
    "basis",
    "independence",
    "rationale",
    "confidence",
    "group",
    "external_id",
)


def create(actor: Actor, data: Json) -> str:
    """Link two annotations of the project; the id of the link."""
    require(RULES, "create", actor)
    _check_ends(actor, data)
    row = _row(actor, data, "annotator")
    _insert(actor, [row])
    _record(actor, "created", {**row, "group_name": row["group"]}, "after")
    return str(row["id"])


def create_adjudicated(actor: Actor, items: Sequence[Json]) -> list[str]:
    """Link pairs of adjudicated annotations, whose ends were looked at before; the links' ids."""
    rows = [_row(actor, data, "adjudicated") for data in items]
    if rows:
        _insert(actor, rows)
    for row in rows:
        _record(actor, "created", {**row, "group_name": row["group"]}, "after")
    return [row["id"] for row in rows]


def edit(actor: Actor, link: Link, data: Json) -> Link:
    """Let a link say what `data`, a whole body that its schema admitted, says.

    Where it says so already there is no new version, and it stays as approved as it is.
    """
    require(RULES, "edit", actor, link)
    before = core(values_of(link))
    for name in EDITABLE:
        setattr(link, name, data.get(name))
    if core(values_of(link)) == before:
        return link
    link.state = AFTER_EDIT.get(link.state, link.state)
    link.updated_at = now()
    row = values_of(link)
    try:
        session().flush()  # counts the version, and finds out who was outrun
    except IntegrityError as error:
        raise _taken(actor, row, error) from None
    was, is_now = changed(before, core(values_of(link)))
    record(
        actor,
        "edited",
        "link",
        link,
        author_id=link.author_id,
        before=was,
        after=is_now,
    )
    return link


def remove(actor: Actor, link: Link) -> None:
    """Delete a link; history remembers it."""
    require(RULES, "delete", actor, link)
    _record(actor, "deleted", values_of(link), "before")
    session().delete(link)
    session().flush()  # the version is compared here, so that nobody's edit is deleted unseen


def remove_of_annotations(actor: Actor, marked: Select[str]) -> None:
    """Delete every link with an end among annotations that are about to go, given by their ids."""
    gone = delete(_TABLE).where(queries.ends_among(marked)).returning(*_TABLE.columns)
    for row in sorted(session().execute(gone), key=lambda row: row.id):
        _record(actor, "deleted", row._mapping, "before")


def remove_rows(actor: Actor, rows: Sequence[Row[Any]]) -> None:
    """Delete links; whether the actor may was asked before."""
    for row in rows:
        _record(actor, "deleted", row._mapping, "before")
    if rows:
        session().execute(delete(Link).where(Link.id.in_([row.id for row in rows])))


def values_of(link: Link) -> Json:
    """The columns of a link as a mapping, as rows have them."""
    names = (column.name for column in link.__table__.columns if column.name != "group_name")
    return {**{name: getattr(link, name) for name in names}, "group_name": link.group}


def _row(actor: Actor, data: Json, layer: str) -> Json:
    low, high = sorted((data["from_id"], data["to_id"]))
    moment = now()
    return {
        "id": new_id(),
        "project_id": actor.project.id,
        "from_id": data["from_id"],
        "to_id": data["to_id"],
        "pair_low": low,
        "pair_high": high,
        **{name: data.get(name) for name in EDITABLE},
        "state": data["state"],
        "layer": layer,
        "author_id": actor.id,
        "version": 1,
        "created_at": moment,
        "updated_at": moment,
    }


def _insert(actor: Actor, rows: Sequence[Json]) -> None:
    try:
        session().execute(insert(Link), list(rows))
    except IntegrityError as error:
        raise _taken(actor, rows[0], error) from None


def _check_ends(actor: Actor, data: Json) -> None:
    ends = {"/from": data["from_id"], "/to": data["to_id"]}
    if data["from_id"] == data["to_id"]:
        raise invalid_field("/to", "self_link", "An annotation is not linked to itself.")
    there = annotation_queries.held(actor, list(ends.values()))
    told = "There is no such annotation in this project."
    if missing := [pointer for pointer, id_ in ends.items() if id_ not in there]:
        raise refused([fault(pointer, "not_in_project", told) for pointer in missing])


def _taken(actor: Actor, row: Json, error: IntegrityError) -> Refused | IntegrityError:
    """Why the database refused: the pair is linked, the external id is taken, or an end is gone."""
    session().rollback()
    found = queries.find_pair(row["author_id"], row["pair_low"], row["pair_high"])
    if found is not None and found != row["id"]:
        told = "You have linked this pair already; a link counts in both directions."
        return Conflict(told, code="already_linked", link=found, id=found)
    external_id = row["external_id"]
    if external_id and (bearer := queries.find_by_external_id(actor, external_id)):
        told = f"A link of this project has the external id {external_id!r} already."
        return Conflict(told, code="external_id_taken", id=bearer.id)
    _check_ends(actor, row)
    return error


def _record(actor: Actor, action: str, row: Any, side: str) -> None:
    document = core(row)
    record(
        actor,
        action,
        "link",
        Thing(row["id"], row["version"]),
        author_id=row["author_id"],
        before=document if side == "before" else None,
        after=document if side == "after" else None,
    )
