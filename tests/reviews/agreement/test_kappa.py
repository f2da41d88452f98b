"""Cohen's and Fleiss' kappa against the numbers their papers print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.agreement.kappa import CohenKappa, FleissKappa

# How often each of five diagnoses was given by six raters (Fleiss 1971, p. 379).
FLEISS_1971 = (
    "444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 "
    "144444 124444 222333 144444 224445 333335 111455 111112 224444 133555 "
    "555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"
)
# Krippendorff 1995, example A: 24 characters, inside (1) or outside (0) a unit.
BERTHA = "001111111100001111110000"
BILL = "000011110000000110000000"


def cohen(first: str, second: str) -> CohenKappa:
    kappa = CohenKappa()
    for one, other in zip(first, second, strict=True):
        kappa.add(one, other)
    return kappa


def test_cohen_1960() -> None:
    kappa = CohenKappa()
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    for row, counts in enumerate(table):
        for column, count in enumerate(counts):
            for _ in range(count):
                kappa.add(str(row), str(column))
    found = kappa.result()
    assert found.value == pytest.approx(0.492, abs=0.0005)
    assert (found.n_units, found.n_coders) == (200, 2)
    assert found.observed_agreement == pytest.approx(0.70)
    assert found.expected_agreement == pytest.approx(0.41)


def test_cohen_on_krippendorffs_digitized_example() -> None:
    assert cohen(BERTHA, BILL).result().value == pytest.approx(0.385, abs=0.0005)


def test_fleiss_1971() -> None:
    kappa = FleissKappa(6)
    for unit in FLEISS_1971.split():
        kappa.add(unit)
    found = kappa.result()
    assert found.value == pytest.approx(0.430, abs=0.0005)
    assert found.observed_agreement == pytest.approx(0.5556, abs=0.0001)
    assert found.expected_agreement == pytest.approx(0.2201, abs=0.001)
    assert (found.n_units, found.n_coders) == (30, 6)


def test_fleiss_with_two_coders_is_scotts_pi() -> None:
    kappa = FleissKappa(2)
    for labels in zip(BERTHA, BILL, strict=True):
        kappa.add(labels)
    assert kappa.result().value == pytest.approx(0.314, abs=0.0005)


def test_incomplete_units_are_left_out_and_counted() -> None:
    cohens = CohenKappa()
    cohens.add("a", None)
    cohens.add(None, None)
    fleiss = FleissKappa(3)
    fleiss.add(["a", "b", None])
    for found in (cohens.result(), fleiss.result()):
        assert found.value is None
        assert found.observed_agreement is None
        assert found.n_units == 0
    assert cohens.result().n_left_out == 2
    assert fleiss.result().n_left_out == 1


def test_one_label_throughout_defines_no_kappa() -> None:
    found = cohen("aaa", "aaa").result()
    assert found.value is None
    assert found.observed_agreement == found.expected_agreement == 1
    fleiss = FleissKappa(2)
    fleiss.add("aa")
    assert fleiss.result().value is None


def test_fleiss_needs_two_coders() -> None:
    with pytest.raises(ValueError, match="two coders"):
        FleissKappa(1)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1))
def test_kappa_is_at_most_one_and_one_only_without_differences(
    labels: list[tuple[str, str]],
) -> None:
    first, second = zip(*labels, strict=True)
    found = cohen("".join(first), "".join(second)).result()
    if found.value is not None:
        assert found.value <= 1
        assert (found.value == pytest.approx(1)) == (first == second)
