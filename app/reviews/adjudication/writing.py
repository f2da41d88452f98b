"""Writing decisions down, with what each is about, and letting history tell of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from app.history.record import Thing, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict
from app.kernel.ids import new_id
from app.reviews.adjudication.models import Adjudication, Origin
from app.reviews.adjudication.rulings import Ruling

Json = dict[str, Any]
HAPPENED = {"accept": "accepted", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A ruling on annotations or links (`about`), what it made, and the versions it was about."""

    about: str
    ruling: Ruling
    result: str | None
    versions: dict[str, int]


def write(actor: Actor, article_id: str, entries: Sequence[Entry]) -> list[str]:
    """The ids of the decisions, in order."""
    if not entries:
        return []
    made = [_row(actor, article_id, entry) for entry in entries]
    origins = [
        _origin(actor, row["id"], place, entry, id_)
        for row, entry in zip(made, entries, strict=True)
        for place, id_ in enumerate(entry.ruling.ids)
    ]
    try:
        session().execute(insert(Adjudication), made)
        session().execute(insert(Origin), origins)
    except IntegrityError:
        session().rollback()
        told = "Someone decided on some of this at the same moment; look at what stands now."
        raise Conflict(told, code="already_decided") from None
    for row, entry in zip(made, entries, strict=True):
        _record(actor, HAPPENED[row["action"]], row, after=_said(row, entry.ruling.ids))
    return [row["id"] for row in made]


def add_origins(
    actor: Actor, article_id: str, adjudication_id: str, last: int, entry: Entry
) -> None:
    """More links that say what a decision made already says."""
    rows = [
        _origin(actor, adjudication_id, last + 1 + place, entry, id_)
        for place, id_ in enumerate(entry.ruling.ids)
    ]
    session().execute(insert(Origin), rows)
    about = {"id": adjudication_id, "article_id": article_id, "user_id": actor.id}
    _record(actor, "carried", about, after={"from": list(entry.ruling.ids)})


def withdraw(actor: Actor, rows: Iterable[Any], origins: dict[str, list[str]]) -> None:
    """Take decisions back. What they made is gone already, or about to be."""
    rows = list(rows)
    for row in rows:
        said = _said(row._mapping, origins.get(row.id, []))
        _record(actor, "withdrawn", row._mapping, before=said)
    session().execute(delete(Adjudication).where(Adjudication.id.in_([row.id for row in rows])))


def _row(actor: Actor, article_id: str, entry: Entry) -> Json:
    ruling = entry.ruling
    return {
        "id": new_id(),
        "project_id": actor.project.id,
        "article_id": article_id,
        "about": entry.about,
        "action": ruling.action,
        "how": ruling.how,
        "annotation_id": entry.result if entry.about == "annotation" else None,
        "link_id": entry.result if entry.about == "link" else None,
        "changed": sorted(ruling.changes),
        "reason": ruling.reason,
        "user_id": actor.id,
        "created_at": now(),
    }


def _origin(actor: Actor, adjudication_id: str, place: int, entry: Entry, id_: str) -> Json:
    return {
        "adjudication_id": adjudication_id,
        "place": place,
        "project_id": actor.project.id,
        "annotation_id": id_ if entry.about == "annotation" else None,
        "link_id": id_ if entry.about == "link" else None,
        "version": entry.versions[id_],
    }


def _said(row: Any, origins: Sequence[str]) -> Json:
    names = ("about", "action", "how", "annotation_id", "link_id", "changed", "reason")
    return {**{name: row[name] for name in names}, "from": list(origins)}


def _record(actor: Actor, action: str, row: Any, **documents: Json) -> None:
    record(
        actor,
        action,
        "adjudication",
        Thing(row["id"]),
        article_id=row["article_id"],
        author_id=row["user_id"],
        before=documents.get("before"),
        after=documents.get("after"),
    )
