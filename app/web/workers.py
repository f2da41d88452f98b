"""How a worker of the production server ends: when the server tells it to, and only then.

Ctrl-C is heard by every process of a terminal: by the server, which then tells its workers to
stop, and by the workers themselves. A granian worker that is told twice at once waits for ever,
and one that is told while it still starts has not learned to listen yet. So workers leave
Ctrl-C to the server, and end at once as long as they have nothing to finish.

A worker that is told to end waits for its requests. Those that only wait for something to
happen, event streams and long polls, are woken and end.
"""

import multiprocessing
import os
import signal
from threading import Thread

from app.kernel import stopping


def is_worker() -> bool:
    """Whether this process is a worker of the production server."""
    return multiprocessing.parent_process() is not None


def leave_stopping_to_the_server() -> None:
    """Call it before a worker serves. In a process that is no worker it changes nothing."""
    if not is_worker():
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server's own handler is set


def wake_who_waits_at_the_end() -> None:
    """Call it in a worker's main thread, before it serves.

    The server sets its own handler of SIGTERM, so the signal is heard beside it: Python writes
    the number of every signal that it handles to this pipe, whatever the handler.
    """
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    Thread(target=_listen, args=(heard,), name="end", daemon=True).start()


def _listen(heard: int) -> None:
    while signal.SIGTERM not in os.read(heard, 64):
        pass
    stopping.stop()
