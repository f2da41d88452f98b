"""Writing history: every change leaves a row in the transaction that makes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from sqlalchemy import Table, insert

from app.history.models import Change
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import before_commit, run, session
from app.kernel.mergepatch import same

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing by its id and version alone, where no object of it is at hand.

    What is made once and never changed stays at version 1.
    """

    id: str
    version: int = 1


class Recorded(Protocol):
    """What can be recorded: it has an id and counts its versions."""

    @property
    def id(self) -> str: ...

    @property
    def version(self) -> int: ...


def record(
    actor: Actor,
    action: str,
    thing: str,
    what: Recorded,
    *,
    before: Document | None = None,
    after: Document | None = None,
    project_id: str | None = None,
    article_id: str | None = None,
    author_id: str | None = None,
) -> None:
    """Note a change of `what`, a `thing` such as "annotation", for the end of the transaction.

    Rows are gathered and written in one statement, just before the commit if not with something
    else (`take`). `author_id` is whose work the thing is; readers who may not see that person's
    work do not see its changes.
    """
    if project_id is None and actor.place is not None:
        project_id = actor.place.id
    _gathered().append(
        {
            "project_id": project_id,
            "article_id": article_id,
            "thing": thing,
            "thing_id": what.id,
            "version": what.version,
            "action": action,
            "author_id": author_id,
            "actor_id": actor.id or None,  # the command line is nobody
            "at": now(),
            "before": before,
            "after": after,
        }
    )


def _gathered() -> list[dict[str, Any]]:
    info = session().info
    if "changes" not in info:
        info["changes"] = []
        before_commit(_write)
    gathered: list[dict[str, Any]] = info["changes"]
    return gathered


def take() -> list[dict[str, Any]]:
    """Hand over the rows gathered so far, to a statement that writes them with something else."""
    gathered = _gathered()
    taken = gathered[:]
    gathered.clear()
    return taken


# The table, not its class: the ORM's bulk insert prepares every row for what is not used here.
_INSERT = insert(cast(Table, Change.__table__)).inline()


def _write() -> None:
    if rows := take():
        run(_INSERT, rows)


def changed(before: Document, after: Document) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields in which two documents differ as JSON, as they were and as they are."""
    names = [name for name in {**before, **after} if not same(before.get(name), after.get(name))]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}
