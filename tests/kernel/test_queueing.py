"""Writers take turns: in order of arrival within a process, and never two processes at once."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.kernel import queueing
from app.kernel.errors import Unavailable
from app.kernel.queueing import WriterQueue


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "some.db")


def test_writers_are_served_in_order_of_arrival(file: str) -> None:
    queue, served = WriterQueue(file), []
    first = queue.wait()

    def write(number: int) -> None:
        turn = queue.wait()
        served.append(number)
        turn.leave()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
    for waiting, thread in enumerate(threads, 1):
        thread.start()
        while len(queue._waiting) < waiting:
            time.sleep(0.001)
    first.leave()
    for thread in threads:
        thread.join(10)
    assert served == list(range(20))
    queue.wait().leave()


def test_one_at_a_time(file: str) -> None:
    queue, inside, most = WriterQueue(file), [], []

    def write() -> None:
        for _ in range(50):
            turn = queue.wait()
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            turn.leave()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(most) == 200
    assert max(most) == 1


def test_who_waits_too_long_gives_up_and_holds_up_nobody(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 0.05)
    queue = WriterQueue(file)
    turn = queue.wait()
    with pytest.raises(Unavailable):
        queue.wait()
    turn.leave()
    queue.wait().leave()


WRITER = """
import sys, time
from app.kernel.queueing import WriterQueue
file, log, name = sys.argv[1:]
queue = WriterQueue(file)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(15):
    turn = queue.wait()
    with open(log, "a") as told:
        told.write(f"in {name}\\n"); told.flush()
        time.sleep(0.002)
        told.write(f"out {name}\\n"); told.flush()
    turn.leave()
"""


def test_two_processes_exclude_each_other(file: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, file, str(log), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.communicate("go\n", timeout=30)
        assert writer.returncode == 0
    lines = log.read_text().splitlines()
    assert len(lines) == 60
    for entered, left in zip(lines[::2], lines[1::2], strict=True):
        assert (entered[:2], left[:3]) == ("in", "out")
        assert entered[3:] == left[4:]
