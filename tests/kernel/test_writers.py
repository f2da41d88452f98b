"""A connection to SQLite takes its turn late, leaves it early, and never keeps it by accident."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.kernel import queueing
from app.kernel.errors import Unavailable
from app.kernel.writers import Writer, writers


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[], Writer]]:
    file = str(tmp_path / "some.db")
    made: list[Writer] = []
    factory = writers(file)

    def connect() -> Writer:
        made.append(sqlite3.connect(file, factory=factory, isolation_level=None, timeout=0))
        return made[-1]

    yield connect
    for each in made:
        each.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queueing, "LONGEST_WAIT", 0.05)


@pytest.mark.parametrize("end", [Writer.commit, Writer.rollback, Writer.close])
def test_who_ends_leaves_the_turn(
    opened: Callable[[], Writer], end: Callable[[Writer], None]
) -> None:
    first, second = opened(), opened()
    first.take_turn()
    first.take_turn()  # it is the same one
    with pytest.raises(Unavailable):
        second.take_turn()
    end(first)
    second.take_turn()
    assert second.in_transaction


def test_who_only_asks_keeps_nobody_waiting(opened: Callable[[], Writer]) -> None:
    first, second = opened(), opened()
    assert first.execute("SELECT 1").fetchall() == [(1,)]
    second.take_turn()
    first.commit()
    first.rollback()
    with pytest.raises(Unavailable):
        first.take_turn()


def test_who_could_not_begin_leaves_the_turn(opened: Callable[[], Writer], tmp_path: Path) -> None:
    writer = opened()
    with closing(sqlite3.connect(tmp_path / "some.db", isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")  # stands in no queue
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.take_turn()
    opened().take_turn()
