"""A worker ends when the server tells it to, and leaves Ctrl-C to the server."""

import multiprocessing
import signal
from typing import Any

from app.web.workers import leave_stopping_to_the_server


def _report(answer: Any) -> None:
    signal.signal(signal.SIGTERM, lambda *_: None)  # what a worker inherits from the server
    leave_stopping_to_the_server()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    answer.put((signal.SIGINT in blocked, signal.getsignal(signal.SIGTERM)))


def test_a_worker_leaves_ctrl_c_to_the_server_and_can_be_ended_while_it_starts() -> None:
    processes = multiprocessing.get_context("spawn")
    answer = processes.Queue()
    worker = processes.Process(target=_report, args=(answer,))
    worker.start()
    assert answer.get(timeout=30) == (True, signal.SIG_DFL)
    worker.join(30)


def test_a_process_that_is_no_worker_keeps_its_signals() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    leave_stopping_to_the_server()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
