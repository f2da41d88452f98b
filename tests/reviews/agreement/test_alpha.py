"""Krippendorff's alpha against the numbers its author and its reference programs print."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.agreement.alpha import Alpha, Distance, NominalAlpha, Value, interval, ordinal

# One word a unit, one letter a coder, "-" for a gap.
KRIPPENDORFF_2004 = "bb-b llpl pppp pppp llll blpc cccc bblb llll -fff --bb --p-"
HAYES_2007 = (
    "112-2 1101- 2333- -00-0 000-0 000-0 102-1 1-20- 222-2 2111- -100- 0000- 1222- 33223 "
    "111-1 111-1 212-2 1233- 1101- 000-0 0011- 00-00 2333- 0000- 12-22 0111- 00010 1212- "
    "1122- 112-2 110-0 2121- 22-22 3222- 222-2 223-2 222-2 22-12 2222- 111-1"
)
THREE_CODERS = "-1- --- -22 -11 -33 334 444 13- 2-2 1-1 1-1 3-3 3-3 --- 3-4"


def fed(measure: Alpha, units: str, *, numbers: bool = False) -> Alpha:
    for unit in units.split():
        values: list[Value | None] = [
            None if letter == "-" else int(letter) if numbers else letter for letter in unit
        ]
        measure.add(values)
    return measure


def test_four_coders_with_gaps() -> None:
    found = fed(NominalAlpha(), KRIPPENDORFF_2004).result()
    assert found.value == pytest.approx(0.743, abs=0.0005)
    assert found.observed_disagreement == pytest.approx(0.200, abs=0.0005)
    assert found.expected_disagreement == pytest.approx(0.779, abs=0.0005)
    assert (found.n_units, found.n_coders, found.n_left_out) == (11, 4, 1)


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ("10 11 01 00 00 01 00 01 00 00", 0.095),
        ("aa ab bb bb bb bb bc cc cc cc cc cc", 0.734),
        (THREE_CODERS, 0.6914),
    ],
)
def test_nominal_values_in_print(units: str, expected: float) -> None:
    assert fed(NominalAlpha(), units).result().value == pytest.approx(expected, abs=0.0005)


@pytest.mark.parametrize(
    ("distance", "units", "expected"),
    [(ordinal, HAYES_2007, 0.7598), (interval, THREE_CODERS, 0.8108)],
)
def test_ordered_values_in_print(distance: Distance, units: str, expected: float) -> None:
    found = fed(Alpha(distance), units, numbers=True).result()
    assert found.value == pytest.approx(expected, abs=0.00005)


def test_the_digitized_example_of_1995() -> None:
    alpha = NominalAlpha()
    for pair in zip("001111111100001111110000", "000011110000000110000000", strict=True):
        alpha.add(pair)
    assert alpha.result().value == pytest.approx(0.329, abs=0.0005)


def test_the_matrix_shows_which_labels_are_confused() -> None:
    matrix = fed(NominalAlpha(), "aa ab bbb").coincidences()
    assert matrix == {
        ("a", "a"): 2.0,
        ("a", "b"): 1.0,
        ("b", "a"): 1.0,
        ("b", "b"): pytest.approx(3.0),
    }


@pytest.mark.parametrize("units", ["", "a- -b", "aa aaa"])
def test_where_nothing_could_differ_alpha_is_undefined(units: str) -> None:
    assert fed(NominalAlpha(), units).result().value is None


def test_words_have_no_interval() -> None:
    alpha = Alpha(interval)
    alpha.add(["low", "high"])
    with pytest.raises(TypeError, match="rank"):
        alpha.result()


units_of_labels = st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), max_size=4))


def pairwise(units: list[list[str | None]]) -> float | None:
    """The definition spelled out: disagreeing pairs in units over disagreeing pairs at all."""
    kept = [[v for v in unit if v is not None] for unit in units]
    kept = [unit for unit in kept if len(unit) > 1]
    values = [value for unit in kept for value in unit]
    n = len(values)
    seen = sum(
        sum(one != other for one, other in permutations(unit, 2)) / (len(unit) - 1) for unit in kept
    )
    chance = sum(one != other for one, other in permutations(values, 2))
    return 1 - (seen / n) / (chance / (n * (n - 1))) if chance else None


@given(units_of_labels)
def test_streamed_is_the_definition_spelled_out(units: list[list[str | None]]) -> None:
    alpha = NominalAlpha()
    for unit in units:
        alpha.add(unit)
    expected = pairwise(units)
    assert alpha.result().value == (None if expected is None else pytest.approx(expected))
