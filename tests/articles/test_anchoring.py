"""Finding targets again after an edit of the text."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.articles import alignment as alignments
from app.articles.alignment import Alignment
from app.articles.anchoring import SURE, Anchored, Anchors, Status
from app.kernel.quotes import shared_start
from app.kernel.targets import Span, Target, exact_of, pieces_of

OLD = (
    "The harbour was closed at dawn, the port authority said on Monday. 😀\r\n"
    "Three ferries with 412 passengers waited outside, and two cargo ships turned back.\r\n"
    "Nobody was hurt, according to the coastguard. Work on the pier cost 1.2 million euros, "
    "which the mayor called a bargain. The opposition called it a scandal.\r\n"
)


def reanchor(old: str, new: str, target: Target) -> Anchored:
    return Anchors(old, new).find(target)


def target_of(quote: str, text: str = OLD) -> Target:
    start = text.index(quote)
    return Target.single(start, start + len(quote))


def after(quote: str, new: str) -> Anchored:
    return reanchor(OLD, new, target_of(quote))


# -- plain edits ----------------------------------------------------------------------------


def test_what_stands_before_the_edit_is_kept_and_what_follows_moves() -> None:
    new = OLD.replace("412 passengers", "more than 412 tired passengers")
    kept = after("closed at dawn", new)
    assert (kept.status, kept.target, kept.score) == ("kept", target_of("closed at dawn"), 1.0)
    moved = after("a scandal", new)
    assert (moved.status, moved.score) == ("moved", 1.0)
    assert moved.target == target_of("a scandal", new)


def test_an_edit_of_the_same_length_keeps_what_follows_in_place() -> None:
    assert after("a scandal", OLD.replace("dawn", "noon")).status is Status.KEPT


def test_between_two_edits_the_quote_is_found_by_its_place() -> None:
    new = OLD.replace("The harbour", "On Sunday the harbour").replace("scandal", "disgrace")
    for quote in ("412", "the", "two cargo ships", "Nobody was hurt, according to the coastguard"):
        found = after(quote, new)
        assert found.status is Status.MOVED
        assert found.target is not None
        assert found.target.start == OLD.index(quote) + len("On Sunday t") - len("T")


def test_a_changed_quote_is_uncertain_and_the_score_falls_with_the_change() -> None:
    quote = "Three ferries with 412 passengers waited outside"
    little = after(quote, OLD.replace("waited outside", "waited there"))
    much = after(quote, OLD.replace("ferries with 412 passengers", "boats and people"))
    assert little.status is much.status is Status.UNCERTAIN
    assert 0.5 <= much.score < little.score < 1.0
    assert little.target is not None
    assert "ferries with 412 passengers" in exact_of(
        OLD.replace("waited outside", "waited there"), little.target
    )


def test_another_number_in_the_same_place_is_for_a_person_to_judge() -> None:
    found = after("412", OLD.replace("412", "417"))
    assert found.status is Status.UNCERTAIN
    assert found.target == target_of("412")


def test_what_was_deleted_is_orphaned() -> None:
    sentence = "Nobody was hurt, according to the coastguard. "
    found = after("according to the coastguard", OLD.replace(sentence, ""))
    assert found == Anchored(Status.ORPHANED, None, 0.0)
    assert reanchor(OLD, "", target_of("412")).status is Status.ORPHANED
    assert reanchor(OLD, "Quite another story.", target_of("412")).status is Status.ORPHANED


def test_a_sentence_that_changed_places_is_found_there() -> None:
    sentence = "Nobody was hurt, according to the coastguard. "
    new = "First. " + sentence + OLD.replace(sentence, "") + "Last."
    found = after(sentence, new)
    assert found.status is Status.MOVED
    assert found.target == target_of(sentence, new)
    part = after("hurt, according", new)
    assert part.target == target_of("hurt, according", new)


def test_equal_quotes_keep_to_their_own_place() -> None:
    old = "A. He said it was wrong. B. She said it was right. C. They said it was late. D."
    new = "Now: " + old.replace("B.", "").replace("D.", "E.")
    starts = [at for at in range(len(old)) if old.startswith("said", at)]
    found = [Anchors(old, new).find(Target.single(at, at + 4)) for at in starts]
    places = [at for at in range(len(new)) if new.startswith("said", at)]
    assert [one.target.start for one in found if one.target] == places
    assert {one.status for one in found} == {Status.MOVED}


def test_two_places_alike_are_not_chosen_between_in_silence() -> None:
    line = "The minister said it was wrong and left the room. "
    old = "Intro one. " + line + "The end of the story, as it was told at first."
    new = "1234567890" * 30 + line + "0987654321" * 30 + line + "5647382910" * 30
    found = reanchor(old, new, Target.single(11, 11 + len(line)))
    assert found.status is Status.UNCERTAIN


# -- fragments ------------------------------------------------------------------------------


def test_fragments_move_together() -> None:
    first, second = target_of("Three ferries").fragments[0], target_of("turned back").fragments[0]
    new = OLD.replace("dawn", "first light").replace("outside, and", "outside; later")
    found = reanchor(OLD, new, Target((first, second)))
    assert found.status is Status.MOVED
    assert found.target is not None
    assert pieces_of(new, found.target) == ["Three ferries", "turned back"]


def test_a_lost_fragment_loses_the_target_and_a_changed_one_makes_it_uncertain() -> None:
    target = Target((Span(0, 11), target_of("412 passengers").fragments[0]))
    lost = OLD.replace(
        "with 412 passengers waited outside, and two cargo ships turned back", "left"
    )
    assert reanchor(OLD, lost, target).status is Status.ORPHANED
    changed = OLD.replace("412 passengers", "412 travellers")
    assert reanchor(OLD, changed, target).status is Status.UNCERTAIN


def test_fragments_that_changed_places_are_not_put_together_wrongly() -> None:
    one, two = "The first of the long sentences. ", "And here the second long sentence. "
    old, new = f"{one}..{two}", f"{two}..{one}"
    assert reanchor(old, new, Target((Span(0, 32), Span(35, 69)))).status is Status.ORPHANED


# -- properties -----------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("ab 😀\n"), min_size=1, max_size=50)


@given(old=TEXTS, new=TEXTS, data=st.data())
def test_sure_places_hold_the_quote_and_all_places_are_in_the_text(
    old: str, new: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    target = Target.single(start, data.draw(st.integers(start + 1, len(old))))
    found = reanchor(old, new, target)
    assert 0.0 <= found.score <= 1.0
    assert (found.target is None) == (found.status is Status.ORPHANED)
    if found.target:
        assert found.target.end <= len(new)
    if found.target and found.status in (Status.KEPT, Status.MOVED):
        assert exact_of(new, found.target) == exact_of(old, target)
        assert (found.status is Status.KEPT) == (found.target == target)


@given(text=TEXTS, data=st.data())
def test_nothing_changes_in_an_unchanged_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    target = Target.single(start, data.draw(st.integers(start + 1, len(text))))
    assert reanchor(text, text, target) == Anchored(Status.KEPT, target, 1.0)


@given(before=TEXTS, text=TEXTS, inserted=st.text("XYZ", min_size=1, max_size=9))
def test_an_image_follows_an_insertion(before: str, text: str, inserted: str) -> None:
    place = len(before), len(before + text)
    moved = inserted + before + text
    # The ending is changed too, or all of it would be the shared ending and nothing aligned.
    for old, new in [(before + text, moved), (before + text + "M" * 60, moved + "N" * 60)]:
        start, end = Alignment(old, new).image(*place)
        assert (start, end) == (place[0] + len(inserted), place[1] + len(inserted))


def test_an_image_of_deleted_text_is_empty() -> None:
    assert Alignment("abcdef", "aef").image(1, 4) == (1, 1)
    assert Alignment("abcdef", "aef").image(2, 5) == (1, 2)


@given(first=TEXTS, second=TEXTS, shared=TEXTS)
def test_the_shared_start_is_the_longest(first: str, second: str, shared: str) -> None:
    one, other = shared + first, shared + second
    length = shared_start(one, other)
    assert length >= len(shared)
    assert one[:length] == other[:length]
    assert one[: length + 1] != other[: length + 1] or length == min(len(one), len(other))


def test_a_target_past_the_old_text_is_refused() -> None:
    with pytest.raises(ValueError, match="past the end"):
        reanchor("short", "short", Target.single(0, 6))


def test_texts_too_long_to_align_are_still_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alignments, "_MOST_COMPARED", 0)
    new = "On Sunday " + OLD.replace("scandal", "disgrace") + "End."
    found = after("two cargo ships turned back", new)
    assert found.status is Status.MOVED
    assert found.target == target_of("two cargo ships turned back", new)


# -- many at once ---------------------------------------------------------------------------


def news(words: int, chance: random.Random) -> list[str]:
    """Words as they repeat in a news text: a few often, many seldom."""
    stock = ["".join(chance.choices("abcdeilnorstu", k=2 + n % 8)) for n in range(1_500)]
    return [stock[int(chance.paretovariate(0.6)) % len(stock)] for _ in range(words)]


def test_two_words_in_a_hundred_edited_lose_next_to_nothing() -> None:
    chance = random.Random(7)
    words = news(3_000, chance)
    edited = [chance.choice(words) if chance.random() < 0.02 else word for word in words]
    old, new = " ".join(words), " ".join(edited)
    old_starts, new_starts = [0], [0]
    for was, now in zip(words, edited, strict=True):
        old_starts.append(old_starts[-1] + len(was) + 1)
        new_starts.append(new_starts[-1] + len(now) + 1)
    firsts = [chance.randrange(2_990) for _ in range(400)]
    targets = [Target.single(old_starts[n], old_starts[n + 6] - 1) for n in firsts]
    began = time.process_time()
    anchors = Anchors(old, new)
    found = [anchors.find(target) for target in targets]
    assert time.process_time() - began < 5.0
    right = wrong = 0
    for first, one in zip(firsts, found, strict=True):
        right += bool(one.target and one.target.start == new_starts[first])
        sure = one.status in (Status.KEPT, Status.MOVED)
        wrong += bool(sure and one.target and one.target.start != new_starts[first])
        if words[first : first + 6] == edited[first : first + 6]:
            assert one.score >= SURE
    assert right >= 0.97 * len(targets)
    assert wrong == 0
