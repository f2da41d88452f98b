"""Tokens and sentences: nothing lost, nothing crossing an edge."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.exchange.formats.tokens import Sentence, sentence_at, sentences, tokens, whole


def forms(text: str, *edges: int) -> list[str]:
    return [text[start:end] for start, end in tokens(text, edges)]


def test_numbers_marks_and_joined_emoji_stay_whole() -> None:
    assert forms("It rose 12.5% to 1,700, he said.") == [
        "It", "rose", "12.5", "%", "to", "1,700", ",", "he", "said", ".",
    ]  # fmt: skip
    assert forms("cafe\u0301 👩‍👩‍👧 🇨🇭") == ["cafe\u0301", "👩‍👩‍👧", "🇨🇭"]
    assert forms("قال، نعم") == ["قال", "،", "نعم"]


def test_edges_cut_inside_words_and_numbers() -> None:
    assert forms("anti-war 12.5", 2, 11) == ["an", "ti", "-", "war", "12", ".", "5"]


@given(st.text(max_size=60), st.lists(st.integers(-3, 70), max_size=6))
def test_tokens_cover_all_but_white_space_and_cross_no_edge(text: str, edges: list[int]) -> None:
    found = tokens(text, edges)
    assert "".join(text[start:end] for start, end in found) == "".join(
        char for char in text if not char.isspace()
    )
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    assert not [edge for edge in edges for start, end in found if start < edge < end]


def test_sentences_end_at_stops_but_not_at_abbreviations() -> None:
    text = 'Maj. Ruiz left. "Go!" she said in the U.S. Senate. It rose 1.5 %\n\nNew line'
    assert [text[s.start : s.end] for s in sentences(text)] == [
        "Maj. Ruiz left.",
        '"Go!" she said in the U.S. Senate.',
        "It rose 1.5 %",
        "New line",
    ]


@given(st.text(alphabet="aB.! \n\r\u2028", max_size=60))
def test_sentences_hold_all_words_in_order(text: str) -> None:
    found = sentences(text)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert "".join("".join(text[s.start : s.end].split()) for s in found) == "".join(text.split())


def test_a_span_makes_the_sentences_it_runs_through_one() -> None:
    found = [Sentence(0, 5), Sentence(6, 9), Sentence(10, 12)]
    assert whole(found, [(4, 7)]) == [Sentence(0, 9), Sentence(10, 12)]
    assert whole(found, [(0, 11), (1, 2)]) == [Sentence(0, 12)]
    assert whole(found, [(6, 9), (0, 5)]) == found
    assert [sentence_at(found, place) for place in (0, 5, 6, 11, 99)] == [0, 0, 1, 2, 2]
