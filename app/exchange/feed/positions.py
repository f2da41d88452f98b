"""Places in a project's feed, and the opaque cursors that stand for them."""

import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.kernel.clock import rfc3339
from app.kernel.errors import Malformed
from app.kernel.paging import cursor_of, key_of

LARGEST = 2**63 - 1
"""What a column of the database can be compared with."""

PRESENT = "now"
"""What a caller writes instead of a cursor: from the present on."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Just after the change that transaction `tx` wrote as number `seq`.

    `mark` is of what that change was. A database that was brought back from a backup gives the
    numbers after it out again; only the mark tells the change that was there before from
    the one that is there now. A position read from a column has none, 0, yet.
    """

    tx: int
    seq: int
    mark: int = field(default=0, compare=False)


BEGINNING = Position(0, 0)
"""Before every change."""


def mark_of(thing_id: str, at: datetime) -> int:
    """The mark of a change of this thing at this moment."""
    return zlib.crc32(f"{thing_id} {rfc3339(at)}".encode()) or 1


def position_at(row: Any) -> Position:
    """The position just after a change, from its row."""
    return Position(row.tx, row.seq, mark_of(row.thing_id, row.at))


def cursor_at(project_id: str, position: Position) -> str:
    """The cursor of a position. It is good in this project only, and has a version."""
    return cursor_of(_name(project_id), [position.tx, position.seq, position.mark])


def position_of(project_id: str, cursor: str) -> Position:
    """The position in a cursor; Malformed where it is none of this project's feed."""
    key = key_of(_name(project_id), cursor, (int, int, int))
    if not all(0 <= part <= LARGEST for part in key):
        raise Malformed("This is not a cursor of this feed.", code="bad_cursor")
    return Position(*key)


def _name(project_id: str) -> str:
    return f"changes 2 {project_id}"
