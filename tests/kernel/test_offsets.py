"""Offsets in three units, held against Python's own encoders."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kernel.offsets import OffsetError, Ruler, Unit, lengths

CODECS = {Unit.UTF16: ("utf-16-le", 2), Unit.BYTE: ("utf-8", 1)}
ENCODED = list(CODECS)
# Short alphabets make wide and narrow characters meet; the repeats cross the table's marks.
PIECES = st.sampled_from(
    ["a", "é", "€", "😀", "e\u0301", "👩\u200d👩\u200d👧", "שלום", "\r\n", "\u00a0", "𝔘", "word "]
)
# Any code point but a surrogate; drawn as numbers, because that needs no table of categories.
ANY = st.one_of(st.integers(0, 0xD7FF), st.integers(0xE000, 0x10FFFF)).map(chr)
TEXTS = st.one_of(
    st.lists(ANY).map("".join),
    st.builds(lambda parts, n: "".join(parts) * n, st.lists(PIECES), st.integers(1, 60)),
)


def size(text: str, unit: Unit) -> int:
    codec, width = CODECS[unit]
    return len(text.encode(codec)) // width


@given(text=TEXTS, unit=st.sampled_from(ENCODED))
@example(text="", unit=Unit.BYTE)
@example(text="😀" * 128, unit=Unit.UTF16)
@example(text="a" * 127 + "😀" + "a" * 128, unit=Unit.BYTE)
def test_every_place_agrees_with_the_encoder_and_comes_back(text: str, unit: Unit) -> None:
    ruler = Ruler(text)
    expected = [size(text[:n], unit) for n in range(len(text) + 1)]
    assert [ruler.from_codepoints(n, unit) for n in range(len(text) + 1)] == expected
    assert [ruler.to_codepoints(offset, unit) for offset in expected] == list(range(len(text) + 1))


@given(text=TEXTS, unit=st.sampled_from(ENCODED))
@example(text="a" * 127 + "😀" + "a" * 128, unit=Unit.UTF16)
def test_every_other_offset_is_inside_a_code_point(text: str, unit: Unit) -> None:
    ruler = Ruler(text)
    edges = {size(text[:n], unit) for n in range(len(text) + 1)}
    for offset in set(range(size(text, unit))) - edges:
        with pytest.raises(OffsetError) as refused:
            ruler.to_codepoints(offset, unit)
        assert refused.value.code == "inside_code_point"


@given(text=TEXTS)
def test_lengths_are_those_of_the_encoders(text: str) -> None:
    found = lengths(text)
    assert found == (len(text), size(text, Unit.UTF16), size(text, Unit.BYTE))
    ruler = Ruler(text)
    assert found == tuple(ruler.length(unit) for unit in Unit)


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize(
    "offset",
    [-1, 6, 10**20, -(10**5000), 10**5000],
    ids=["negative", "past", "big", "hugely negative", "huge"],
)
def test_out_of_range_is_said_even_of_huge_offsets(unit: Unit, offset: int) -> None:
    with pytest.raises(OffsetError) as refused:
        Ruler("hello").to_codepoints(offset, unit)
    assert refused.value.code == "out_of_range"
    assert refused.value.detail


@pytest.mark.parametrize("index", [-1, 4])
def test_code_points_out_of_range_are_not_wrapped_around(index: int) -> None:
    with pytest.raises(OffsetError, match=r"negative|ends"):
        Ruler("a😀b").from_codepoints(index, Unit.UTF16)


def test_an_end_of_the_text_is_a_place() -> None:
    ruler = Ruler("a😀")
    assert ruler.to_codepoints(3, Unit.UTF16) == 2
    assert ruler.to_codepoints(5, Unit.BYTE) == 2
    assert ruler.to_codepoints(2, Unit.CODEPOINT) == 2


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("plain", Unit.BYTE),
        ("plain", Unit.UTF16),
        ("Ärger, שלום, 中文", Unit.UTF16),
        ("😀", Unit.CODEPOINT),
    ],
)
def test_no_table_is_made_where_units_count_alike(text: str, unit: Unit) -> None:
    ruler = Ruler(text * 200)
    assert ruler.to_codepoints(150, unit) == 150
    assert not ruler._marks


def test_a_table_stays_modest() -> None:
    ruler = Ruler("ж" * 100_000)
    assert ruler.to_codepoints(180_000, Unit.BYTE) == 90_000
    marks = ruler._marks[Unit.BYTE]
    assert len(marks) * marks.itemsize < 10_000


def test_a_lone_surrogate_is_refused_by_the_encoder() -> None:
    with pytest.raises(UnicodeEncodeError):
        lengths("\ud800")
