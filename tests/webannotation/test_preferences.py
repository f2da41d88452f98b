"""Headers that wish for something, good and bad."""

from hypothesis import given
from hypothesis import strategies as st

from app.webannotation.preferences import (
    DESCRIPTIONS,
    IRIS,
    JSON,
    LD,
    MINIMAL,
    Preference,
    media_type,
    preference,
)


def test_a_preference_is_found_among_others() -> None:
    for header in (
        f'return=representation; include="{MINIMAL} {IRIS}"',
        f'wait=10, RETURN = representation ;foo; include = "{IRIS}  {MINIMAL}" , respond-async',
        f'return="representation";omit="x, y";include="{IRIS} {MINIMAL} http://x.example/#y"',
    ):
        assert preference(header) == Preference(minimal=True, iris=True, applied=True), header
    assert preference(f"return=representation; include={IRIS}") == Preference(False, True, True)
    assert preference(f'return=representation; include="{DESCRIPTIONS}"').applied
    assert not preference(f'return=representation; include="{DESCRIPTIONS} {IRIS}"').applied


@given(st.text(st.sampled_from('return=presention;,"\\ include'), max_size=60))
def test_nonsense_is_passed_over(header: str) -> None:
    assert preference(header) in (Preference(), preference(header))
    assert not preference(header).iris


def test_a_long_header_costs_no_more_than_its_length() -> None:
    for piece in ('"', "a=\\", ' "', "a;", "=" * 3, 'a="\\'):
        assert preference(piece * 20_000) == Preference()


@given(
    st.lists(st.tuples(st.sampled_from([LD, JSON, "application/ld+json", "text/html", "*/*",
             "application/*"]), st.sampled_from([0.0, 0.3, 1.0])), min_size=1)
)  # fmt: skip
def test_what_is_chosen_was_not_refused(ranges: list[tuple[str, float]]) -> None:
    chosen = media_type(ranges)
    if chosen is None:
        takes = {kind.partition(";")[0] for kind, quality in ranges if quality > 0}
        refused = {kind.partition(";")[0] for kind, quality in ranges if quality == 0}
        assert takes <= {"text/html", "*/*", "application/*"}
        assert not takes - {"text/html"} or refused
    else:
        named = [quality for kind, quality in ranges if kind == chosen]
        assert not named or max(named) > 0 or "application/ld+json" in [k for k, _ in ranges]
