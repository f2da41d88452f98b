"""Writers take turns: in order of arrival within a process, and never two processes at once."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.kernel import queueing
from app.kernel.errors import Unavailable
from app.kernel.queueing import WriterQueue
from tests.support.together import at_once


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
        while len(queue._line) < waiting:
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


HOLDER = """
import sys
from app.kernel.queueing import WriterQueue
turn = WriterQueue(sys.argv[1]).wait()
print("held", flush=True)
sys.stdin.readline()
turn.leave()
print("left", flush=True)
sys.stdin.readline()
"""


class Elsewhere:
    """Another process that has the turn, until it is told to leave it."""

    def __init__(self, file: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear("held")

    def leave(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        self._hear("left")

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _hear(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"


@pytest.fixture
def elsewhere(file: str) -> Iterator[Elsewhere]:
    holder = Elsewhere(file)
    yield holder
    holder.end()


def test_nobody_waits_without_limit_for_another_process(
    file: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 0.3)
    queue, began = WriterQueue(file), time.monotonic()

    def give_up() -> float:
        with pytest.raises(Unavailable):
            queue.wait()
        return time.monotonic() - began

    waited = at_once(*[give_up] * 4)  # also those behind the first
    assert all(0.3 <= seconds < 3 for seconds in waited), waited
    elsewhere.leave()
    queue.wait().leave()


def test_a_writer_that_was_killed_leaves_the_way_free(file: str, elsewhere: Elsewhere) -> None:
    elsewhere.end()
    WriterQueue(file).wait().leave()


def test_who_stood_behind_one_who_gave_up_is_served(
    file: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 0.2)
    queue, told = WriterQueue(file), []

    def write(name: str) -> None:
        try:
            turn = queue.wait()
        except Unavailable:
            told.append(f"{name} gave up")
            return
        told.append(f"{name} writes")
        turn.leave()

    first = threading.Thread(target=write, args=("first",))
    first.start()
    while not queue._line:  # its bound is set
        time.sleep(0.001)
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 20.0)
    behind = [threading.Thread(target=write, args=(name,)) for name in ("second", "third")]
    for standing, thread in enumerate(behind, 1):
        thread.start()
        while len(queue._line) + len(told) <= standing:
            time.sleep(0.001)
    first.join(10)
    assert told == ["first gave up"]
    elsewhere.leave()
    for thread in behind:
        thread.join(10)
    assert told == ["first gave up", "second writes", "third writes"]


def test_the_lock_nobody_waits_for_any_more_goes_back(
    file: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 0.05)
    queue = WriterQueue(file)
    with pytest.raises(Unavailable):
        queue.wait()
    elsewhere.leave()
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 10.0)
    WriterQueue(file).wait().leave()  # the porter has come, and has not kept it
    queue.wait().leave()


def test_a_lock_file_that_cannot_be_made_stops_one_and_not_all(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    queue = WriterQueue(str(folder / "some.db"))
    with pytest.raises(FileNotFoundError):
        queue.wait()
    folder.mkdir()
    queue.wait().leave()
