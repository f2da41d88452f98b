"""Spans: their geometry, and the check of what callers send."""

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.annotations.spans import (
    Span,
    SpanRefused,
    Target,
    contains,
    context_of,
    exact_of,
    overlaps,
    pieces_of,
    resolve,
    text_order,
)
from app.kernel.offsets import Ruler, Unit

# Emoji, a family joined by ZWJ, a combining mark, right-to-left, CRLF, NBSP, a repeated phrase.
TEXT = (
    "Paris 😀 said.\r\n\u00a0שלום cafe\u0301 👩\u200d👩\u200d👧 said. "
    "It said that 12 died; he said so."
)
CODECS = {Unit.UTF16: ("utf-16-le", 2), Unit.BYTE: ("utf-8", 1)}


def counted(text: str, place: int, unit: Unit) -> int:
    if unit is Unit.CODEPOINT:
        return place
    codec, width = CODECS[unit]
    return len(text[:place].encode(codec)) // width


def target_of(given: dict[str, Any], text: str = TEXT) -> Target:
    return resolve(text, Ruler(text), given)


def problems_of(given: dict[str, Any], text: str = TEXT) -> list[tuple[str, str]]:
    with pytest.raises(SpanRefused) as refused:
        target_of(given, text)
    assert all(problem.detail for problem in refused.value.problems)
    return [(problem.pointer, problem.code) for problem in refused.value.problems]


def answer_to(given: dict[str, Any], text: str) -> Target | set[str]:
    """The target, or the codes of what is wrong."""
    try:
        return target_of(given, text)
    except SpanRefused as refused:
        return {problem.code for problem in refused.problems}


def extra_of(given: dict[str, Any], text: str = TEXT) -> dict[str, Any]:
    with pytest.raises(SpanRefused) as refused:
        target_of(given, text)
    (problem,) = refused.value.problems
    return problem.extra


# -- geometry -------------------------------------------------------------------------------

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda p: Span(p[0], p[0] + p[1]))
TARGETS = st.lists(SPANS, min_size=1, max_size=4).map(Target.of)


def marked(target: Target) -> set[int]:
    return {place for span in target.fragments for place in range(span.start, span.end)}


@given(spans=st.lists(SPANS, min_size=1, max_size=6))
def test_a_target_of_spans_marks_exactly_their_characters(spans: list[Span]) -> None:
    target = Target.of(spans)
    everything = set().union(*(range(span.start, span.end) for span in spans))
    assert marked(target) == everything
    assert target.size == len(everything)
    assert (target.start, target.end) == (min(everything), max(everything) + 1)


@given(first=TARGETS, second=TARGETS)
def test_containing_and_overlapping_are_those_of_the_characters(
    first: Target, second: Target
) -> None:
    assert contains(first, second) == (marked(second) <= marked(first))
    assert overlaps(first, second) == bool(marked(first) & marked(second))
    assert overlaps(first, second) == overlaps(second, first)
    assert (first == second) == (marked(first) == marked(second))


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 2), (-3, -1)])
def test_no_empty_or_backward_span_can_be_made(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


@pytest.mark.parametrize("spans", [(), (Span(0, 2), Span(2, 3)), (Span(4, 5), Span(0, 2))])
def test_no_target_without_gaps_or_order_can_be_made(spans: tuple[Span, ...]) -> None:
    with pytest.raises(ValueError, match=r"fragment|Fragments"):
        Target(spans)


def test_text_order_puts_the_enclosing_span_first() -> None:
    gapped = Target((Span(0, 2), Span(7, 9)))
    inner, plain, whole = Target.single(3, 4), Target.single(0, 9), Target.single(0, 12)
    assert sorted([inner, plain, gapped, whole], key=text_order) == [whole, gapped, plain, inner]


def test_exact_is_the_envelope_and_pieces_are_what_is_marked() -> None:
    target = Target((Span(0, 5), Span(8, 12)))
    assert exact_of(TEXT, target) == "Paris 😀 said"
    assert pieces_of(TEXT, target) == ["Paris", "said"]


def test_context_stops_at_the_edges_of_the_text() -> None:
    assert context_of("abcdef", 2, 4) == ("ab", "ef")
    assert context_of("abcdef", 2, 4, width=1) == ("b", "e")
    assert context_of("abcdef", 0, 6) == ("", "")
    assert context_of("x" * 90, 40, 41) == ("x" * 32, "x" * 32)


# -- offsets --------------------------------------------------------------------------------


@given(data=st.data(), unit=st.sampled_from(list(Unit)))
def test_every_span_is_accepted_in_every_unit(data: st.DataObject, unit: Unit) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(start + 1, len(TEXT)))
    given = {
        "start": counted(TEXT, start, unit),
        "end": counted(TEXT, end, unit),
        "exact": TEXT[start:end],
        "unit": str(unit),
    }
    assert target_of(given) == Target.single(start, end)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"start": True, "end": 3}, [("/start", "not_an_integer")]),
        ({"start": 1.0, "end": "3"}, [("/start", "not_an_integer"), ("/end", "not_an_integer")]),
        ({"start": [1], "end": {}}, [("/start", "not_an_integer"), ("/end", "not_an_integer")]),
        ({"start": -1, "end": 3}, [("/start", "negative_offset")]),
        ({"start": -5, "end": -3}, [("/start", "negative_offset"), ("/end", "negative_offset")]),
        ({"start": 5, "end": 3}, [("/end", "reversed_span")]),
        ({"start": 5, "end": 5}, [("/end", "empty_span")]),
        ({"start": 0, "end": 10_000}, [("/end", "past_the_end")]),
        ({"start": 900, "end": 10_000}, [("/start", "past_the_end"), ("/end", "past_the_end")]),
        ({"start": 1}, [("/end", "missing_offsets")]),
        ({"end": 1, "exact": "P"}, [("/start", "missing_offsets")]),
        ({}, [("", "missing_offsets")]),
        ({"prefix": "Paris"}, [("", "missing_offsets")]),
        ({"start": 7, "end": 9, "unit": "utf16"}, [("/start", "inside_code_point")]),
        ({"start": 0, "end": 1, "unit": "words"}, [("/unit", "unknown_unit")]),
        ({"start": 0, "end": 1, "unit": 16}, [("/unit", "unknown_unit")]),
        ({"start": 0, "end": 1, "unit": []}, [("/unit", "unknown_unit")]),
        ({"exact": 7}, [("/exact", "not_a_string")]),
        ({"exact": "said", "prefix": 7}, [("/prefix", "not_a_string")]),
        ({"start": 0, "end": 1, "exact": ["P"]}, [("/exact", "not_a_string")]),
        ({"exact": ""}, [("/exact", "empty_span")]),
        ({"start": 0, "end": 5, "exact": ""}, [("/exact", "quote_mismatch")]),
    ],
)
def test_bad_spans_are_told_apart(given: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems_of(given) == expected


def test_offsets_of_five_thousand_digits_are_only_offsets() -> None:
    for unit in Unit:
        huge = {"start": 0, "end": 10**5000, "unit": unit}
        assert problems_of(huge) == [("/end", "past_the_end")]
    assert problems_of({"start": -(10**5000), "end": 1}) == [("/start", "negative_offset")]


def test_both_ends_inside_code_points_are_both_named() -> None:
    assert problems_of({"start": 7, "end": 8, "unit": "byte"}) == [
        ("/start", "inside_code_point"),
        ("/end", "inside_code_point"),
    ]


def test_an_empty_text_has_no_span() -> None:
    assert problems_of({"start": 0, "end": 1}, "") == [("/end", "past_the_end")]
    assert problems_of({"exact": "a"}, "") == [("/exact", "quote_not_found")]


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text("ab", max_size=5), st.just([{}])
)


@given(
    given=st.dictionaries(
        st.sampled_from(["start", "end", "exact", "prefix", "suffix", "unit", "fragments"]),
        st.one_of(
            JUNK,
            st.integers(-2, len(TEXT) + 2),
            st.sampled_from(list(Unit)),
            st.lists(st.dictionaries(st.sampled_from(["start", "end", "exact"]), JUNK), max_size=3),
        ),
    )
)
@example(given={"fragments": "ab"})
@example(given={"fragments": [None]})
def test_whatever_is_sent_is_answered_with_a_target_or_with_problems(
    given: dict[str, Any],
) -> None:
    answer = answer_to(given, TEXT)
    if isinstance(answer, Target):
        assert 0 <= answer.start < answer.end <= len(TEXT)
    else:
        assert answer


# -- quotes ---------------------------------------------------------------------------------


def test_a_mismatch_says_what_stands_there_and_where_the_quote_is_nearest_first() -> None:
    start = TEXT.index("It said")
    extra = extra_of({"start": start, "end": start + 4, "exact": "said"})
    assert extra["found"] == "It s"
    near = [TEXT[found["start"] : found["end"]] for found in extra["candidates"]]
    assert near == ["said"] * 4
    starts = [found["start"] for found in extra["candidates"]]
    assert starts == sorted(starts, key=lambda at: abs(at - start))
    assert extra["candidates"][0]["prefix"].endswith("It ")


@pytest.mark.parametrize("unit", Unit)
def test_candidates_count_in_the_unit_of_the_caller(unit: Unit) -> None:
    extra = extra_of({"start": 0, "end": 2, "exact": "12 died", "unit": unit})
    place = TEXT.index("12 died")
    (found,) = extra["candidates"]
    assert found["start"] == counted(TEXT, place, unit)
    assert found["end"] == counted(TEXT, place + 7, unit)
    assert target_of({**found, "exact": "12 died"}) == Target.single(place, place + 7)


def test_of_many_near_places_five_come_back_and_far_ones_do_not() -> None:
    text = "x" + "." * 50_000 + "x x x x x x x x" + "." * 50_000 + "x"
    extra = extra_of({"start": 50_000, "end": 50_001, "exact": "x"}, text)
    assert [found["start"] for found in extra["candidates"]] == [50_001 + 2 * n for n in range(5)]
    assert extra_of({"start": 25_000, "end": 25_001, "exact": "x x"}, text)["candidates"] == []


def test_a_huge_passage_is_told_back_only_in_part() -> None:
    text = "word " * 10_000
    extra = extra_of({"start": 0, "end": 40_000, "exact": "word"}, text)
    assert extra["found"] == text[:200] + "…"


def test_a_quote_that_occurs_once_needs_no_context() -> None:
    assert target_of({"exact": "12 died"}).start == TEXT.index("12 died")
    assert target_of({"exact": "12 died", "prefix": "quite another text"}) == target_of(
        {"exact": "12 died"}
    )


def test_a_quote_in_several_places_is_ambiguous_and_the_places_are_named() -> None:
    assert problems_of({"exact": "said"}) == [("/exact", "ambiguous_quote")]
    found = extra_of({"exact": "said"})["candidates"]
    assert [TEXT[place["start"] : place["end"]] for place in found] == ["said"] * 4
    assert [place["start"] for place in found] == sorted(place["start"] for place in found)


def test_at_most_ten_places_are_named() -> None:
    assert len(extra_of({"exact": "a"}, "a" * 5_000)["candidates"]) == 10


def test_overlapping_places_of_one_quote_are_all_places() -> None:
    places = extra_of({"exact": "aa"}, "baaab")["candidates"]
    assert [place["start"] for place in places] == [1, 2]


@given(data=st.data(), text=st.text(st.sampled_from("ab😀 "), min_size=1, max_size=60))
def test_the_whole_context_always_finds_the_place(data: st.DataObject, text: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    prefix, suffix = context_of(text, start, end, width=60)
    given = {"exact": text[start:end], "prefix": prefix, "suffix": suffix}
    assert target_of(given, text) == Target.single(start, end)


@given(data=st.data(), text=st.text(st.sampled_from("ab "), min_size=1, max_size=40))
def test_a_quote_is_never_put_where_it_is_not(data: st.DataObject, text: str) -> None:
    quote = data.draw(st.text(st.sampled_from("ab "), min_size=1, max_size=4))
    context = st.text(st.sampled_from("ab "), max_size=8)
    given = {"exact": quote, "prefix": data.draw(context), "suffix": data.draw(context)}
    times = sum(text.startswith(quote, at) for at in range(len(text)))
    answer = answer_to(given, text)
    if isinstance(answer, Target):
        assert exact_of(text, answer) == quote
    else:
        assert answer == ({"ambiguous_quote"} if times > 1 else {"quote_not_found"})
        assert times != 1


def test_partial_context_wins_only_when_it_agrees_most() -> None:
    text = "The mayor said yes. An old baker said yes. An old maker said yes."
    assert target_of({"exact": "said yes", "prefix": "where the mayor "}, text).start == 10
    assert target_of({"exact": "said yes", "prefix": "not an old baker "}, text).start == 33
    tied = {"exact": "said yes", "prefix": "?", "suffix": ". An old dog"}
    found = extra_of(tied, text)["candidates"]
    assert [place["start"] for place in found] == [10, 33]


def test_a_chance_agreement_of_a_few_characters_decides_nothing() -> None:
    text = "It rose by 5 and then it fell to 5."
    assert problems_of({"exact": "5", "prefix": "was cut down to "}, text) == [
        ("/exact", "ambiguous_quote")
    ]
    # A short context that agrees whole is no chance: it is all that the caller gave.
    assert target_of({"exact": "5", "suffix": "."}, text).start == len(text) - 2


# -- fragments ------------------------------------------------------------------------------


def pair(*places: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"start": start, "end": end} for start, end in places]


def test_fragments_with_their_envelope_come_back() -> None:
    given = {
        "start": 0,
        "end": 12,
        "exact": "Paris 😀 said",
        "fragments": [
            {"start": 0, "end": 5, "exact": "Paris"},
            {"start": 8, "end": 12, "exact": "said"},
        ],
    }
    assert target_of(given) == Target((Span(0, 5), Span(8, 12)))


def test_fragments_that_touch_are_one() -> None:
    assert target_of({"fragments": pair((0, 3), (3, 5), (8, 12))}) == Target(
        (Span(0, 5), Span(8, 12))
    )
    assert target_of({"fragments": [], "start": 0, "end": 5}) == Target.single(0, 5)


@pytest.mark.parametrize("unit", Unit)
def test_fragments_and_envelope_count_in_the_unit(unit: Unit) -> None:
    start, end = TEXT.index("said"), TEXT.index("died")
    given = {
        "unit": unit,
        "start": counted(TEXT, start, unit),
        "end": counted(TEXT, end + 4, unit),
        "fragments": [
            {"start": counted(TEXT, at, unit), "end": counted(TEXT, at + 4, unit)}
            for at in (start, end)
        ],
    }
    assert target_of(given) == Target((Span(start, start + 4), Span(end, end + 4)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"fragments": pair((0, 5), (3, 8))}, [("/fragments/1", "fragments_overlap")]),
        ({"fragments": pair((0, 5), (0, 5))}, [("/fragments/1", "fragments_overlap")]),
        ({"fragments": pair((5, 8), (0, 3))}, [("/fragments/1", "fragments_out_of_order")]),
        ({"fragments": pair((0, 2), (7, 5))}, [("/fragments/1/end", "reversed_span")]),
        ({"fragments": pair((0, 2), (5, 999))}, [("/fragments/1/end", "past_the_end")]),
        ({"fragments": [{"start": 0}]}, [("/fragments/0/end", "missing_offsets")]),
        ({"fragments": [3]}, [("/fragments/0", "not_an_object")]),
        (
            {"fragments": [{"start": 0, "end": 2, "unit": "words"}]},
            [("/fragments/0/unit", "unknown_unit")],
        ),
        ({"fragments": {"start": 0}}, [("/fragments", "not_a_list")]),
        ({"fragments": pair((0, 1)) * 65}, [("/fragments", "too_many_fragments")]),
        (
            {"start": 1, "end": 9, "fragments": pair((0, 2), (4, 8))},
            [("/start", "envelope_mismatch"), ("/end", "envelope_mismatch")],
        ),
        ({"start": False, "fragments": pair((0, 2))}, [("/start", "not_an_integer")]),
        ({"exact": "Paris", "fragments": pair((0, 2))}, [("/exact", "quote_mismatch")]),
        (
            {"fragments": [{"start": 0, "end": 2, "exact": "It"}]},
            [("/fragments/0/exact", "quote_mismatch")],
        ),
    ],
)
def test_bad_fragments_are_told_apart(
    given: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems_of(given) == expected


# -- cost -----------------------------------------------------------------------------------


def test_a_check_in_code_points_does_not_read_the_text() -> None:
    class Watched(str):
        """A text that may only be measured and compared in place."""

        __slots__ = ()

        def __getitem__(self, key: Any) -> str:
            raise AssertionError("sliced")

        def encode(self, *args: Any) -> bytes:
            raise AssertionError("encoded")

        def find(self, *args: Any) -> int:
            raise AssertionError("searched")

    text = Watched(TEXT * 1_000)
    given = {"start": 0, "end": 5, "exact": "Paris", "unit": "codepoint"}
    assert resolve(text, Ruler(text), given) == Target.single(0, 5)


@pytest.mark.parametrize(
    "given",
    [
        {"exact": "a" * 500_000, "prefix": "b" * 40},
        {"exact": "a", "prefix": "b" * 4_000, "suffix": "b" * 4_000},
        {"exact": "a" * 2_000, "prefix": "a" * 300 + "b"},
        {"start": 700_000, "end": 700_001, "exact": "a" * 600_000},
        {"start": 700_000, "end": 700_001, "exact": "b" + "a" * 5_000},
    ],
    ids=["long", "everywhere", "context", "near", "absent"],
)
def test_a_text_made_to_repeat_keeps_nobody_waiting(given: dict[str, Any]) -> None:
    text = "a" * 1_500_000
    began = time.process_time()
    assert problems_of(given, text)
    assert time.process_time() - began < 1.0
