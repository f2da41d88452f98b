"""How a worker of the production server ends: when the server tells it to, and only then.

Ctrl-C is heard by every process of a terminal: by the server, which then tells its workers to
stop, and by the workers themselves. A granian worker that is told twice at once waits for ever,
and one that is told while it still starts has not learned to listen yet. So workers leave
Ctrl-C to the server, and end at once as long as they have nothing to finish.
"""

import multiprocessing
import signal


def is_worker() -> bool:
    """Whether this process is a worker of the production server."""
    return multiprocessing.parent_process() is not None


def leave_stopping_to_the_server() -> None:
    """Call it before a worker serves. In a process that is no worker it changes nothing."""
    if not is_worker():
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server's own handler is set
