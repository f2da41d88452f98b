"""Making a release: the file first, and the row only when the file is safe.

The rows are read from a snapshot of their own, in no transaction that writes: on SQLite
everybody else goes on writing meanwhile.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.exchange.export.downloads import dataset_on
from app.exchange.export.selection import Selection
from app.exchange.releases import queries
from app.exchange.releases.agreement import agreement_of
from app.exchange.releases.canonical import Canonical, whole_lines
from app.exchange.releases.manifests import manifest_of
from app.exchange.releases.models import Release
from app.exchange.releases.policy import RULES
from app.exchange.releases.pseudonyms import Pseudonyms
from app.exchange.releases.storage import Shelf, Written
from app.exchange.rows import ProjectRow
from app.history.record import record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import Database, after_commit, session
from app.kernel.errors import Conflict, NotFound
from app.kernel.ids import new_id
from app.kernel.permissions import require
from app.kernel.snapshots import open_snapshot

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A release whose file is stored, and which is not told of yet."""

    id: str
    canonical: Canonical
    written: Written
    project: ProjectRow
    agreement: Json

    @property
    def version(self) -> int:
        """Releases never change; history counts them as the first version."""
        return 1


def check(actor: Actor, data: Json) -> None:
    """Refuse early what would be refused after the work."""
    require(RULES, "make_releases", actor)
    if found := queries.find_named(actor, data["version"]):
        raise _taken(data["version"], found)


def make(
    of: Database, actor: Actor, data: Json, *, shelf: Shelf, pseudonyms: Pseudonyms, seconds: int
) -> Made:
    """Write the file of a release. Unavailable where the disk is full."""
    shelf.sweep()
    selection = Selection.asked(actor, data["filter"])
    canonical, id_ = Canonical(pseudonyms), new_id()
    connection = open_snapshot(of, seconds)
    try:
        dataset = dataset_on(connection, selection, "")
        dataset.earlier = False  # what was corrected is not published
        rows: Iterator[bytes] = canonical.rows(whole_lines(dataset.native()))
        written = shelf.write(id_, rows)
    finally:
        connection.close()
    return Made(id_, canonical, written, dataset.project, agreement_of(of, actor, selection))


def keep(actor: Actor, data: Json, made: Made, pseudonyms: Pseudonyms) -> str:
    """Let a release be; its id.

    Conflict where its name was taken meanwhile, NotFound where the project was deleted.
    """
    require(RULES, "make_releases", actor)
    filters = dict(data["filter"])
    if "author" in filters:
        filters["author"] = pseudonyms.id_of(filters["author"])
    roles = {pseudonyms.id_of(id_): role.name for id_, role in queries.roles(actor).items()}
    manifest = manifest_of(
        made.canonical,
        made.written,
        filters=filters,
        project=made.project,
        roles=roles,
        agreement=made.agreement,
    )
    row = {
        "id": made.id,
        "project_id": actor.project.id,
        "name": data["version"],
        "notes": data["notes"],
        "licence": data["licence"],
        "sha256": made.written.sha256,
        "bytes": made.written.bytes,
        "manifest": manifest,
        "created_by": actor.id,
        "created_at": now(),
    }
    _insert(actor, row)
    told = {name: row[name] for name in ("name", "notes", "licence", "sha256", "bytes")}
    after = {**told, "counts": manifest["counts"]}
    # Whoever may not see everybody's work is told nothing of it, not even how much there is.
    record(actor, "created", "release", made, after=after, author_id=actor.id)
    return made.id


def _insert(actor: Actor, row: Json) -> None:
    try:
        session().execute(insert(Release), row)
    except IntegrityError:
        session().rollback()
        if found := queries.find_named(actor, row["name"]):
            raise _taken(row["name"], found) from None
        raise NotFound("There is no such project.") from None  # it was deleted meanwhile


def leave(shelf: Shelf, project_id: str) -> None:
    """Take away the files of a project that is about to be deleted, once it is."""
    for release_id in queries.ids_of(project_id):
        after_commit(partial(shelf.discard, release_id))


def _taken(name: str, found: str) -> Conflict:
    told = f"This project has a release {name!r} already, and releases never change."
    return Conflict(told, code="release_exists", id=found)
