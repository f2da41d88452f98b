"""Unitizing alpha against Krippendorff's printed examples, and its definition spelled out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.agreement.unitizing import UnitizingAlpha, disagreements
from app.reviews.agreement.units import Continuum, Unit, continuum, without_overlap

Layer = list[tuple[int, int]]
"""(offset, length) as the sources print them."""

# Krippendorff 1995, p. 57: four pairs of coders on a continuum of 24.
PAIRS_1995: dict[str, tuple[Layer, Layer]] = {
    "A": ([(2, 8), (14, 6)], [(4, 4), (15, 2)]),
    "B": ([(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]),
    "C": ([(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)]),
    "D": ([(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]),
}


def two_coders(first: Layer, second: Layer, label: str = "x", stretch: int = 1) -> list[Unit]:
    return [
        Unit(coder, start * stretch, (start + length) * stretch, label)
        for coder, layer in (("i", first), ("j", second))
        for start, length in layer
    ]


def alone(text: Continuum) -> UnitizingAlpha:
    alpha = UnitizingAlpha()
    alpha.add_article(text)
    return alpha


def example_2004() -> Continuum:
    """Krippendorff 2004, p. 254."""
    units = two_coders([(225, 70), (370, 30)], [(220, 80), (355, 20), (400, 20)], "c")
    units += two_coders([(180, 60), (300, 50)], [(180, 60), (300, 50)], "k")
    return continuum(units, begin=150, length=300)


def test_the_example_of_2004() -> None:
    found = alone(example_2004()).result()
    assert found.value == pytest.approx(0.8591, abs=0.0005)
    c, k = found.per_label["c"], found.per_label["k"]
    assert c.observed == pytest.approx(0.0144, abs=0.0001)
    assert c.expected == pytest.approx(0.0532, abs=0.0001)
    assert c.alpha == pytest.approx(0.7286, abs=0.0001)
    assert k.observed == 0
    assert k.expected == pytest.approx(0.0490, abs=0.0001)
    assert k.alpha == 1
    assert (found.n_units, found.n_coders, found.n_articles) == (9, 2, 1)


@pytest.mark.parametrize(
    ("pair", "observed"), [("A", 0.03125), ("B", 2.26736), ("C", 0.02777), ("D", 0.38715)]
)
def test_observed_disagreement_of_1995(pair: str, observed: float) -> None:
    found = disagreements(continuum(two_coders(*PAIRS_1995[pair]), length=24))["x"]
    assert found.observed == pytest.approx(observed, abs=0.00001)


@pytest.mark.parametrize(
    ("pair", "alpha"), [("A", 0.553), ("B", -0.926), ("C", 0.679), ("D", 0.066)]
)
def test_alpha_of_1995_on_a_fine_grain(pair: str, alpha: float) -> None:
    stretched = two_coders(*PAIRS_1995[pair], stretch=50_000)
    found = disagreements(continuum(stretched, length=24 * 50_000))["x"]
    assert found.alpha == pytest.approx(alpha, abs=0.02)


def test_one_long_unit_against_three_short() -> None:
    units = two_coders([(1, 8)], [(2, 1), (4, 1), (6, 1)])
    found = disagreements(continuum(units, length=10))["x"]
    assert found.observed == pytest.approx(0.9100, abs=0.0001)
    assert found.expected == pytest.approx(0.5351, abs=0.0001)
    assert found.alpha == pytest.approx(-0.7003, abs=0.0001)


def test_one_unit_of_one_coder_is_chance_and_none_is_undefined() -> None:
    coders = ["a", "b", "c"]
    lone = alone(continuum([Unit("a", 0, 1, "x")], length=20, coders=coders)).result()
    assert lone.value == pytest.approx(0.0, abs=1e-12)
    nothing = alone(continuum([], length=20, coders=coders)).result()
    assert nothing.value is None
    assert nothing.observed_disagreement is None
    assert nothing.n_articles == 1


def test_an_article_with_one_coder_says_nothing() -> None:
    text = continuum([Unit("a", 0, 1, "x")], length=20)
    assert alone(text).result().n_articles == 0
    with pytest.raises(ValueError, match="two coders"):
        disagreements(text)


def test_dropped_overlaps_are_counted() -> None:
    units = [*two_coders([(1, 8), (4, 9)], [(1, 8)])]
    found = alone(continuum(units, length=30)).result()
    assert (found.value, found.n_units, found.n_left_out) == (1, 2, 1)


def test_the_same_article_twice_changes_nothing() -> None:
    once, twice = alone(example_2004()), alone(example_2004())
    twice.add_article(example_2004())
    assert twice.result().value == pytest.approx(once.result().value)
    assert twice.result().n_units == 18


def test_a_long_empty_article_does_not_drown_a_short_one() -> None:
    alpha = alone(example_2004())
    before = alpha.result().value
    alpha.add_article(continuum([], length=100_000, coders=["i", "j"]))
    assert alpha.result().value == pytest.approx(before)


units_of_three = st.lists(
    st.tuples(st.sampled_from("ijk"), st.integers(0, 18), st.integers(1, 6)).map(
        lambda given: Unit(given[0], given[1], given[1] + given[2], "x")
    ),
    max_size=12,
)


def spelled_out(text: Continuum) -> tuple[float, float]:
    """Both sums exactly as the formulas are written, pair by pair and gap by gap."""
    units, coders, length = without_overlap(text.units), len(text.coders), text.length
    layers = {coder: [u for u in units if u.coder == coder] for coder in text.coders}
    differences = 0
    for coder, layer in layers.items():
        for other in text.coders:
            if other == coder:
                continue
            for unit in layer:
                met = [u for u in layers[other] if u.start < unit.end and unit.start < u.end]
                differences += sum(
                    (u.start - unit.start) ** 2 + (u.end - unit.end) ** 2 for u in met
                )
                differences += 0 if met else 2 * unit.length**2
    gaps = []
    for layer in layers.values():
        free = "".join(
            " " if any(u.start <= place < u.end for u in layer) else "g" for place in range(length)
        )
        # A border between two touching units is no gap, and a unit's own length tells nothing.
        gaps += [len(run) for run in free.split()]
    lengths = [unit.length for unit in units]
    expected = sum(
        (len(lengths) - 1) / 3 * (2 * n**3 - 3 * n**2 + n)
        + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n)
        for n in lengths
    )
    pairs = coders * length * (coders * length - 1) - sum(n * (n - 1) for n in lengths)
    return (
        differences / (coders * (coders - 1) * length**2),
        2 / length * expected / pairs,
    )


@given(units_of_three)
def test_fast_sums_are_the_formulas_spelled_out(units: list[Unit]) -> None:
    text = continuum(units, length=24, coders="ijk")
    for found in disagreements(text).values():
        observed, expected = spelled_out(text)
        assert found.observed == pytest.approx(observed)
        assert found.expected == pytest.approx(expected)
        assert found.alpha is None or found.alpha <= 1
