"""Identifiers sort by the moment they were made, whoever makes them."""

import time
import uuid

from app.kernel.ids import is_id, new_id
from tests.support.together import at_once


def test_ids_are_uuids_of_version_7_and_tell_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= after + 1


def test_ids_made_by_many_threads_are_unique_and_rise_in_each() -> None:
    def some() -> list[str]:
        return [new_id() for _ in range(5000)]

    series = at_once(*[some] * 4)
    assert all(ids == sorted(ids) for ids in series)
    assert len({id_ for ids in series for id_ in ids}) == 4 * 5000


def test_ids_rise_while_the_clock_stands_or_goes_back(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # the fixture's type adds nothing
    moments = iter([2_000_000_000_000_000_000] * 5000 + [1_999_999_999_000_000_000] * 10)
    monkeypatch.setattr("app.kernel.ids.time.time_ns", lambda: next(moments))
    monkeypatch.setattr("app.kernel.ids._last", 0)
    made = [new_id() for _ in range(5010)]
    assert made == sorted(set(made))
    assert {uuid.UUID(id_).version for id_ in made} == {7}


def test_only_the_one_spelling_counts_as_an_id() -> None:
    good = new_id()
    assert is_id(good)
    for bad in (good.upper(), good.replace("-", ""), good + "\n", f"{{{good}}}", good[:-1], ""):
        assert not is_id(bad)
