"""Whatever is done to a text: what is sure says what it said, what was not touched is not lost."""

import random
import time

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.annotations.following import follow
from app.articles.alignment import Effort
from app.articles.anchoring import SHORT_QUOTE, Anchors, Status
from app.kernel.targets import Span, Target, pieces_of

# Words, astral and combining characters, right to left, line ends of both kinds, and repetition.
PIECES = [
    "said ",
    "the mayor ",
    "12 ",
    "😀",
    "e\u0301",
    "שלום ",
    "قال ",
    "\r\n",
    "\u00a0",
    "a",
    "a",
]
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join)
SURE = (Status.KEPT, Status.MOVED)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str, Span]:
    """A text, the same with one stretch replaced, and that stretch of the old text."""
    old = draw(TEXTS)
    low = draw(st.integers(0, len(old)))
    high = draw(st.integers(low, len(old)))
    new = old[:low] + draw(st.one_of(st.just(""), TEXTS)) + old[high:]
    return old, new, (low, high)  # type: ignore[return-value]  # it may be empty, as no Span is


@st.composite
def marked(draw: st.DrawFn, text: str) -> Target:
    edges = draw(
        st.lists(st.integers(0, len(text)), min_size=2, max_size=6, unique=True).filter(
            lambda found: len(found) % 2 == 0
        )
        if len(text) > 4
        else st.just([0, len(text)])
    )
    edges.sort()
    return Target.of(Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True))


@given(data=st.data(), made=edited())
def test_what_is_sure_says_what_it_said(data: st.DataObject, made: tuple[str, str, Span]) -> None:
    old, new, _ = made
    target = data.draw(marked(old))
    parts = {"content": [{"start": span.start, "end": span.end} for span in target.fragments]}
    found = follow(Anchors(old, new or "."), target, parts)
    if found.status in SURE:
        assert found.target is not None
        assert found.parts is not None
        assert "".join(pieces_of(new, found.target)) == "".join(pieces_of(old, target))
        told = [piece["exact"] for piece in found.parts["content"]]
        assert told == pieces_of(old, target)
    if found.target is not None:
        assert found.target.end <= len(new or ".")
        for piece in (found.parts or {})["content"]:
            assert (new or ".")[piece["start"] : piece["end"]] == piece["exact"] != ""


@given(data=st.data(), made=edited())
def test_what_the_edit_did_not_touch_keeps_its_words_and_its_place(
    data: st.DataObject, made: tuple[str, str, tuple[int, int]]
) -> None:
    old, new, (low, high) = made
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    if end > low and start < high:
        return
    before, after = _shared(old, new), _shared(old[::-1], new[::-1])
    # What was taken out of, or put into, a row of the same words may be any one of them.
    assume(before + after <= min(len(old), len(new)))
    shift = 0 if end <= low else len(new) - len(old)
    found = Anchors(old, new).find(Target.single(start, end))
    assert found.status in SURE
    # An insertion at the very edge, of the same words, may be told from it in two ways.
    if low < high or (end < low or start > high):
        assert found.target is not None
        assert pieces_of(new, found.target) == [old[start:end]]
    assert found.target in (Target.single(start, end), Target.single(start + shift, end + shift))


def _shared(one: str, other: str) -> int:
    """How many code points two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


@given(data=st.data(), made=edited())
def test_what_was_carried_there_and_back_is_where_it_was(
    data: st.DataObject, made: tuple[str, str, Span]
) -> None:
    old, new, _ = made
    target = data.draw(marked(old))
    there = Anchors(old, new).find(target)
    # Words of several places may be told apart on the way there, and not on the way back.
    plain = all(
        len(words) >= SHORT_QUOTE and old.count(words) == new.count(words) == 1
        for words in pieces_of(old, target)
    )
    if plain and there.status in SURE and there.target is not None:
        assert Anchors(new, old).find(there.target).target == target


@settings(max_examples=30)
@given(text=TEXTS)
def test_the_same_text_keeps_everything(text: str) -> None:
    anchors = Anchors(text, text)
    for start in range(0, len(text), 3):
        assert anchors.find(Target.single(start, len(text))).status is Status.KEPT


def test_a_part_that_is_asked_for_twice_goes_to_one_place() -> None:
    old = "He said it. She said it. They said it."
    new = "Well. She said it, they said it, he said it!"
    anchors = Anchors(old, new)
    target = Target.single(12, 23)
    parts = {"cue": [{"start": 16, "end": 20}], "source": [{"start": 16, "end": 20}]}
    found = follow(anchors, target, parts)
    assert found.parts is not None
    assert found.parts["cue"] == found.parts["source"]


def some_words(chance: random.Random, length: int) -> str:
    stock = ["".join(chance.choices("abcdeilnorstu", k=2 + n % 8)) for n in range(1_500)]
    return " ".join(chance.choice(stock) for _ in range(length // 5))[:length]


def test_no_text_keeps_us_busy_however_it_is_made() -> None:
    chance = random.Random(1)
    million, other = some_words(chance, 1_000_000), some_words(chance, 1_000_000)
    hostile = [
        (million, other, 20),
        (million, "x" + million[1:500_000] + "foo" + million[500_000:-1] + "x", 200_000),
        ("a" * 1_000_000, "ba" * 500_000, 1_000),
        ("ab" * 250_000, "ba" * 500_000, 100_000),
    ]
    began = time.process_time()
    for old, new, length in hostile:
        anchors = Anchors(old, new, Effort())
        for _ in range(25):
            start = chance.randrange(len(old) - length)
            anchors.find(Target.single(start, start + length))
    assert time.process_time() - began < 30
