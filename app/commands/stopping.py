"""Long work that is told to stop: what is open is put away, and a sentence says where it stands."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click


class _Stopped(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable(tell: Callable[[], str]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM unwind the work inside, then say `tell()`.

    The exit code is 128 and the signal's number, as shells have it.
    """
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except _Stopped as stopped:
        click.echo(f"\nStopped. {tell()}", err=True)
        raise SystemExit(128 + stopped.number) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: Any) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # putting away is not disturbed
    raise _Stopped(number)
