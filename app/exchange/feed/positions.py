"""Places in a project's feed, and the opaque cursors that stand for them."""

from dataclasses import dataclass

from app.kernel.errors import Malformed
from app.kernel.paging import cursor_of, key_of

LARGEST = 2**63 - 1
"""What a column of the database can be compared with."""

PRESENT = "now"
"""What a caller writes instead of a cursor: from the present on."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Just after the change that transaction `tx` wrote as number `seq`."""

    tx: int
    seq: int


BEGINNING = Position(0, 0)
"""Before every change."""


def cursor_at(project_id: str, position: Position) -> str:
    """The cursor of a position. It is good in this project only, and has a version."""
    return cursor_of(_name(project_id), [position.tx, position.seq])


def position_of(project_id: str, cursor: str) -> Position:
    """The position in a cursor; Malformed where it is none of this project's feed."""
    tx, seq = key_of(_name(project_id), cursor, (int, int))
    if not (0 <= tx <= LARGEST and 0 <= seq <= LARGEST):
        raise Malformed("`after` is not a cursor of ours.", code="bad_cursor")
    return Position(tx, seq)


def _name(project_id: str) -> str:
    return f"changes 1 {project_id}"
