"""The life of a seat."""

import pytest

from app.reviews.seats import CHANGES, NOBODYS, STATES, IllegalChange, check_change


def test_every_state_can_be_left_for_another() -> None:
    assert set(CHANGES) == set(STATES)
    for state, legal in CHANGES.items():
        assert set(legal) <= set(STATES)
        assert set(legal) - {state}


def test_what_was_decided_is_reopened_before_it_is_decided_again() -> None:
    for state, wanted in (("done", "skipped"), ("skipped", "done")):
        with pytest.raises(IllegalChange, match=f"From {state}") as refused:
            check_change(state, wanted, taken=True)
        assert refused.value.legal == ("open", "in_progress")


def test_nobody_works_on_a_seat_that_nobody_has() -> None:
    for state in NOBODYS:
        for wanted in ("in_progress", "done"):
            with pytest.raises(IllegalChange):
                check_change(state, wanted, taken=False)
    check_change("open", "skipped", taken=False)
