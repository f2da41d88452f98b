"""Whether this process is about to stop, for those who wait long and hold others up."""

from threading import Event

_told = Event()


def rest(seconds: float) -> bool:
    """Sleep so long, or until the process is about to stop; whether it is."""
    return _told.wait(seconds)


def stop() -> None:
    """Wake everybody who rests, and let nobody rest any more."""
    _told.set()


def go_on() -> None:
    """Take it back, for tests."""
    _told.clear()
