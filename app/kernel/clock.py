"""The one clock, so that tests can stop it."""

from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment in UTC, with microseconds."""
    return _source()


def set_source(source: Callable[[], datetime] | None) -> None:
    """Let tests say what time it is; None gives the system's clock back."""
    global _source  # one clock for the process is the point
    _source = source or _system


def rfc3339(moment: datetime) -> str:
    """A moment as the wire has it: UTC, microseconds, `Z`. Sorts as text in time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
