"""Units and continua refuse what no measure can work with."""

import pytest

from app.reviews.agreement.units import BadUnit, Unit, continuum, without_overlap


@pytest.mark.parametrize(("start", "end"), [(3, 3), (5, 2), (-1, 2)])
def test_a_unit_covers_some_text(start: int, end: int) -> None:
    with pytest.raises(BadUnit):
        Unit("ann", start, end, "claim")


def test_a_continuum_holds_its_units_and_coders() -> None:
    text = continuum([Unit("bo", 4, 6, "claim"), Unit("ann", 4, 9, "claim")], length=9)
    assert text.coders == ("ann", "bo")
    assert [unit.coder for unit in text.units] == ["ann", "bo"]
    with pytest.raises(BadUnit):
        continuum([Unit("ann", 4, 10, "claim")], length=9)
    with pytest.raises(BadUnit):
        continuum([], length=0)


def test_who_marked_nothing_is_still_a_coder() -> None:
    text = continuum([Unit("ann", 0, 2, "claim")], length=5, coders=["cy", "ann"])
    assert text.by_coder() == {"ann": [Unit("ann", 0, 2, "claim")], "cy": []}


def test_of_overlapping_units_the_earliest_and_longest_stays() -> None:
    units = [
        Unit("ann", 2, 4, "claim"),
        Unit("ann", 2, 8, "claim"),
        Unit("ann", 7, 9, "claim"),
        Unit("ann", 8, 10, "claim"),
        Unit("ann", 7, 9, "figure"),
        Unit("bo", 7, 9, "claim"),
    ]
    assert without_overlap(units) == [
        Unit("ann", 2, 8, "claim"),
        Unit("bo", 7, 9, "claim"),
        Unit("ann", 7, 9, "figure"),
        Unit("ann", 8, 10, "claim"),
    ]
