"""What a new text did. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.articles.anchoring import Status


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one annotation: its version now, and how sure its place is (0 to 1)."""

    id: str
    version: int
    status: Status
    score: float
    layer: str

    @property
    def unsettled(self) -> bool:
        """Whether a person should look at it."""
        return self.status in (Status.UNCERTAIN, Status.ORPHANED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a new text did. `lost` are the regions that have no place in it.

    Without a change the text was the present one already.
    """

    changed: bool
    moved: Sequence[Moved] = ()
    lost: Sequence[dict[str, Any]] = ()
