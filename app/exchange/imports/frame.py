"""What every thing that comes in shares: whose it is, since when, and the change it leaves."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from app.exchange.imports.known import Index, Known
from app.exchange.imports.people import People
from app.exchange.imports.reporting import Report, rejected
from app.exchange.imports.stores import FoundThing
from app.exchange.imports.tables import Json, Rows
from app.exchange.native.lines import AnnotationLine, Kept, LinkLine
from app.kernel.actor import Actor, Role
from app.kernel.clock import now, rfc3339
from app.kernel.ids import is_id
from app.kernel.jsons import dumps
from app.kernel.offsets import Unit

_FREE_STATES = ("draft", "submitted")
_LONGEST_TIME = 64


class Frame:
    """One import: the actor, what is known, and what waits to be written.

    `speakers` are sources that attributions of the batch name, by their folded names.
    """

    def __init__(
        self, actor: Actor, known: Known, people: People, *, keeps: bool, unit: Unit, longest: int
    ) -> None:
        self.actor, self.known, self.people = actor, known, people
        self.keeps, self.unit, self.longest = keeps, unit, longest
        self.project_id = actor.project.id
        self.report = Report()
        self.rows = Rows()
        self.speakers: dict[str, Json] = {}
        self.begun = rfc3339(now())

    def kept(self, line: Kept) -> Json:
        """The columns that tell whose a thing is and how old. Raises Rejected.

        Who may not restore brings in something new: version 1, made now.
        """
        if line.id is not None and not is_id(line.id):
            raise rejected("/id", "not_an_id", "An id is a UUID in lower case.")
        created = updated = self.begun
        if self.keeps and line.created_at is not None:
            created = moment(line.created_at, "/created_at")
            updated = created
        if self.keeps and line.updated_at is not None:
            updated = moment(line.updated_at, "/updated_at")
        return {
            "project_id": self.project_id,
            "original_id": line.id,
            "author_id": self.people.id_of(line.author),
            "version": line.version if self.keeps else 1,
            "created_at": created,
            "updated_at": updated,
        }

    @property
    def serves_all(self) -> bool:
        """Whether sources that the actor lists are everybody's to know, as a reviewer's are."""
        return self.actor.role is None or self.actor.role >= Role.reviewer

    def check_state(self, state: str, layer: str) -> None:
        """Refuse, of those who may not restore, what only a review can have made."""
        if self.keeps:
            return
        if state not in _FREE_STATES:
            told = "Only a manager brings in what is decided; send draft or submitted."
            raise rejected("/state", "state_not_allowed", told)
        if layer != "annotator":
            told = "Only a manager brings in the adjudicated layer."
            raise rejected("/layer", "layer_not_allowed", told)

    def find(self, index: Index[FoundThing], line: AnnotationLine | LinkLine) -> FoundThing | None:
        """What is here already under the line's id or external id.

        Raises Rejected where the actor may not know of it: what they send would be lost unseen.
        """
        found = index.get(line.id, line.external_id)
        if found is None or found.seen:
            return found
        told = "Somebody else's work, which you do not see yet, goes by this; send another one."
        if index.get(line.id, None) is found:
            raise rejected("/id", "id_taken", told)
        raise rejected("/external_id", "external_id_taken", told)

    def add_change(self, thing: str, row: Json, after: Any, article_id: str | None = None) -> None:
        """Leave the change that history tells: the whole document as it came in.

        The id it goes out under stands beside, since an export of what is gone needs it.
        """
        if row.get("original_id"):
            after = {**after, "original_id": row["original_id"]}
        self.rows.of["changes"].append(
            (
                self.project_id,
                article_id,
                thing,
                row["id"],
                row["version"],
                "imported",
                row.get("author_id"),
                self.actor.id,
                self.begun,
                dumps(after).decode(),
            )
        )


@lru_cache(1024)
def moment(given: str, pointer: str) -> str:
    """A time as both engines store it. Raises Rejected for anything but RFC 3339."""
    try:
        if len(given) > _LONGEST_TIME:  # what is refused is not kept
            raise ValueError
        found = datetime.fromisoformat(given)
        if found.tzinfo is None or "T" not in given.upper():
            raise ValueError
        return rfc3339(found.astimezone(UTC))
    except (ValueError, OverflowError):
        told = "A time such as 2026-01-05T10:00:00Z is expected here."
        raise rejected(pointer, "not_a_time", told) from None
