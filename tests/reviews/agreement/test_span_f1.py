"""Span F1 and link F1: counted by hand, and the same from either side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.agreement.link_f1 import LinkF1, LinkKey
from app.reviews.agreement.span_f1 import LabelledSpan, SpanF1, f1


def span(label: str, *extent: tuple[int, int]) -> LabelledSpan:
    return LabelledSpan(label, extent)


ANN = [
    span("claim", (0, 10)),
    span("claim", (20, 30)),
    span("figure", (20, 24)),
    span("x", (50, 60)),
]
BO = [span("claim", (0, 10)), span("claim", (22, 40)), span("claim", (20, 24))]


def test_counted_by_hand() -> None:
    measure = SpanF1()
    found = measure.add_article(ANN, BO)
    assert found.exact == [(0, 0)]
    assert found.overlapping == [(0, 0), (1, 1)]
    assert (found.only_first, found.only_second) == ([2, 3], [2])
    exact, overlapping = measure.exact(), measure.overlapping()
    assert exact.value == pytest.approx(2 / 7)
    assert overlapping.value == pytest.approx(4 / 7)
    assert (exact.matched, overlapping.matched) == (1, 2)
    assert (exact.n_first, exact.n_second, exact.n_units, exact.n_coders) == (4, 3, 7, 2)


def test_articles_are_pooled() -> None:
    measure = SpanF1()
    measure.add_article(ANN, BO)
    measure.add_article([], [span("claim", (0, 4))])
    assert measure.exact().value == pytest.approx(2 / 8)
    assert measure.exact().n_articles == 2


def test_two_empty_layers_define_nothing() -> None:
    measure = SpanF1()
    measure.add_article([], [])
    assert measure.exact().value is None
    assert measure.overlapping().value is None
    assert f1(0, 1, 0) == 0


def test_a_discontinuous_span_counts_once() -> None:
    measure = SpanF1()
    measure.add_article([span("claim", (0, 4), (9, 12))], [span("claim", (0, 4), (9, 12))])
    assert measure.exact().value == 1
    assert measure.exact().n_units == 2


spans = st.lists(
    st.builds(
        lambda label, start, length: span(label, (start, start + length)),
        st.sampled_from("ab"),
        st.integers(0, 20),
        st.integers(1, 9),
    ),
    max_size=9,
)


@given(spans, spans)
def test_the_same_from_either_side_and_exact_is_stricter(
    first: list[LabelledSpan], second: list[LabelledSpan]
) -> None:
    forward, backward = SpanF1(), SpanF1()
    forward.add_article(first, second)
    backward.add_article(second, first)
    assert forward.exact().value == backward.exact().value
    assert forward.overlapping().value == backward.overlapping().value
    assert forward.exact().matched <= forward.overlapping().matched


@given(spans)
def test_a_layer_agrees_with_itself(layer: list[LabelledSpan]) -> None:
    measure = SpanF1()
    measure.add_article(layer, layer)
    assert measure.exact().value == (1 if layer else None)


def link(one: str, other: str, relation: str) -> LinkKey:
    return LinkKey(frozenset((one, other)), relation)


def test_links_by_ends_and_by_relation() -> None:
    measure = LinkF1()
    measure.add(
        [
            link("a", "b", "corroborates"),
            link("a", "c", "contradicts"),
            link("d", "e", "contradicts"),
        ],
        [link("b", "a", "corroborates"), link("c", "a", "corroborates")],
    )
    assert measure.exact().value == pytest.approx(2 / 5)
    assert measure.same_ends().value == pytest.approx(4 / 5)
    assert LinkF1().exact().value is None
