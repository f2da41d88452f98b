"""brat, read back by pybrat (an independent parser) and by our own reader."""

import re
from dataclasses import replace
from pathlib import Path

import pybrat.parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.formats.brat import Brat
from app.exchange.formats.folding import Folded
from app.exchange.rows import AnnotationRow
from tests.exchange.formats.reading import Pipe, Taken, taken, unzipped, written, zip_of
from tests.exchange.formats.sample import ARTICLES, CRLF, annotations, empty, links, sample

FORMAT = Brat()
BREAK = re.compile(r"[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return unzipped(written(FORMAT, sample()))


class Lenient(pybrat.parser.BratParser):
    """pybrat refuses two spans of one extent, which brat itself allows."""

    def _check_entities(self, entities: object) -> None:
        return


def words(text: str) -> str:
    """Text without line ends and other white space, which brat's fragments may leave out."""
    return "".join(text.split())


def test_pybrat_finds_every_span_with_its_text(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in files.items():
        if name.endswith((".txt", ".ann")):
            (tmp_path / name).write_bytes(data)
    examples = {example.id: example for example in Lenient(error="raise").parse(tmp_path)}
    assert len(examples) == len(ARTICLES)
    found: list[tuple[str, str, str]] = []
    for name, example in examples.items():
        home = name.rpartition(".")[2]
        for entity in example.entities:
            quoted = " ".join(example.text[s.start : s.end] for s in entity.spans)
            assert quoted.rstrip() == entity.mention
            assert not BREAK.search(quoted)
            if entity.type in ("Claim", "Figure", "Attribution"):
                found.append((home, entity.type.lower(), words(quoted)))
    expected = [
        (row.article_id, row.kind, words("".join(f.exact for f in row.fragments)))
        for row in annotations()
    ]
    assert sorted(found) == sorted(expected)


def test_pybrat_finds_links_inside_articles(files: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in files.items():
        if name.endswith((".txt", ".ann")):
            (tmp_path / name).write_bytes(data)
    examples = Lenient(error="raise").parse(tmp_path)
    inside = [link for link in links() if link.from_article_id == link.to_article_id]
    found = sorted(r.type.lower() for example in examples for r in example.relations)
    assert found == sorted(link.relation for link in inside)
    events = [event for example in examples for event in example.events]
    assert len(events) == sum(row.kind == "attribution" for row in annotations())
    quotes = [event for event in events if event.trigger.mention.startswith('"We will')]
    assert [len(e.spans) for e in quotes[0].arguments] == [2, 1, 2]


def test_what_goes_out_comes_back(files: dict[str, bytes]) -> None:
    result = taken(FORMAT, zip_of(files))
    assert result.codes == []
    assert sorted(result.annotations, key=lambda row: row.id) == sorted(
        annotations(), key=lambda row: row.id
    )
    assert result.articles == list(ARTICLES)
    assert sorted(result.links, key=lambda link: link.id) == links()


def test_a_stream_that_cannot_seek_is_read_alike(files: dict[str, bytes]) -> None:
    result = Taken(FORMAT.read(Pipe(zip_of(files), 1000), {}))  # type: ignore[arg-type]
    assert result.codes == []
    assert len(result.annotations) == len(annotations())


def test_an_edit_in_brat_wins_over_the_note(files: dict[str, bytes]) -> None:
    name = next(n for n in files if n.startswith("plain-1") and n.endswith(".ann"))
    lines = files[name].decode()
    edited = lines.replace("Modality T5 asserted", "Modality T5 denied")
    assert edited != lines
    edited = edited.replace("AnnotatorNotes T5\t-1.5 %", "AnnotatorNotes T5\tseen again")
    edited = re.sub(r"A\d+\tClaimType T5 \w+\n", "", edited)
    result = taken(FORMAT, zip_of({**files, name: edited.encode()}))
    row = next(row for row in result.annotations if row.attributes.get("modality") == "denied")
    assert row.note == "seen again"
    assert "claim_type" not in row.attributes
    assert row.attributes["statement"] == "=HOLD(town)"


def test_a_corpus_that_is_not_ours() -> None:
    ann = (
        "T1\tQuantity 4 13\t12 people\nT2\tClaim 0 13;18 22\tand 12 people died\n"
        "T3\tSource 23 29\tpolice\nT4\tAttribution 0 29\tand 12 people who died police\n"
        "E1\tAttribution:T4 Source:T3\nR1\tContradicts Arg1:T1 Arg2:T2\nA1\tNegation T2\n"
    )
    data = zip_of({"corpus/a.txt": b"and 12 people who died police", "corpus/a.ann": ann.encode()})
    result = taken(FORMAT, data, labels="Quantity:figure")
    assert result.codes == []
    assert [row.external_id for row in result.articles] == ["corpus/a"]
    assert [(row.kind, row.external_id) for row in result.annotations] == [
        ("figure", "corpus/a#T1"),
        ("claim", "corpus/a#T2"),
        ("attribution", "corpus/a#T4"),
    ]
    assert [f.exact for f in result.annotations[1].fragments] == ["and 12 people", "died"]
    assert result.annotations[2].parts["source"][0].exact == "police"
    assert [(link.from_id, link.relation) for link in result.links] == [
        ("corpus/a#T1", "contradicts")
    ]


def test_equivalences_are_relations() -> None:
    ann = b"T1\tClaim 0 4\tSome\nT2\tClaim 5 9\ttext\nT3\tClaim 0 9\tSome text\n*\tEquiv T1 T2 T3\n"
    data = zip_of({"a.txt": b"Some text", "a.ann": ann})
    result = taken(FORMAT, data, labels="Equiv:corroborates")
    assert result.codes == []
    assert [(k.from_id, k.to_id, k.external_id) for k in result.links] == [
        ("a#T1", "a#T2", "a#Equiv-T1-T2"),
        ("a#T1", "a#T3", "a#Equiv-T1-T3"),
    ]
    assert taken(FORMAT, data, labels="Equiv:ignore").links == []
    assert taken(FORMAT, data).codes == ["unknown_relation"] * 2


@pytest.mark.parametrize(
    ("ann", "code"),
    [
        ("T1\tClaim 0 99\tx", "out_of_range"),
        ("T1\tClaim 3 3\t", "empty_span"),
        ("T1\tClaim 0 4\tnope", "quote_mismatch"),
        ("T1\tClaim zero 4\tSome", "bad_line"),
        ("T1\tClaim 0 99999999999999999999\tSome", "bad_line"),
        ("T1\tPremise 0 4\tSome", "unknown_kind"),
        ("T1\tClaim 0 4\tSome\nT1\tClaim 0 4\tSome", "duplicate_id"),
        ("R1\tContradicts Arg1:T1 Arg2:T2", "unknown_reference"),
        ("R1\tContradicts Arg1:T1", "bad_line"),
        ("R1", "bad_line"),
        ("E1\tAttribution:T1 Theme:T2", "unknown_part"),
        ("*\tEquiv T1", "bad_line"),
        ("hello", "unknown_line"),
        ("T1\tClaim 0 4\tSome\n#1\tFactmark T1\t{broken", "bad_json"),
        ('T1\tClaim 0 4\tSome\n#1\tFactmark T1\t{"state": 7}', "wrong_type"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(ann: str, code: str) -> None:
    good = "\nT77\tClaim 5 9\ttext"
    result = taken(FORMAT, zip_of({"a.txt": b"Some text", "a.ann": (ann + good).encode()}))
    assert result.codes == [code]
    assert result.errors[0].line is not None
    assert "T77" in result.annotations[-1].id


def test_a_declared_unit_is_converted() -> None:
    files = {"a.txt": "🔥 fire".encode(), "a.ann": b"T1\tClaim 3 7\tfire\n"}
    assert taken(FORMAT, zip_of(files)).codes == ["out_of_range"]
    assert taken(FORMAT, zip_of(files), unit="utf16").annotations[0].start == 2
    assert taken(FORMAT, zip_of(files), unit="inch").codes == ["bad_option"]


def test_wrong_encodings_are_named() -> None:
    files = {"a.txt": "caf\xe9".encode("latin-1"), "b.txt": b"\xef\xbb\xbfplain", "b.ann": b"\xff"}
    result = taken(FORMAT, zip_of(files))
    assert [(e.code, e.name) for e in result.errors] == [
        ("bad_encoding", "a.txt"),
        ("bad_encoding", "b.ann"),
    ]


def test_an_empty_project() -> None:
    files = unzipped(written(FORMAT, empty()))
    assert set(files) == {"annotation.conf", "links-across-articles.jsonl"}


def test_overlapping_parts_become_two_arguments() -> None:
    data = sample()
    row = next(row for row in data.rows if len(row.parts) == 3)
    content = row.parts["content"]
    doubled = replace(row, parts={**row.parts, "content": (content[0], content[0])})
    data.rows = [doubled if r.id == row.id else r for r in data.rows]
    result = taken(FORMAT, written(FORMAT, data))
    back: AnnotationRow = next(r for r in result.annotations if r.id == row.id)
    assert back.parts == doubled.parts


@given(st.text(alphabet="a\r\n🔥", max_size=30))
def test_folding_is_undone(text: str) -> None:
    folded = Folded.of(text)
    assert "\r" not in folded.text
    again = Folded.noted(folded.text, folded.note())
    assert again.original() == text
    for place in range(len(text) + 1):
        if text[place - 1 : place + 1] != "\r\n" or place == 0:
            assert again.back(folded.place(place)) == place


def test_folding_matches_universal_newlines() -> None:
    assert Folded.of(CRLF).text == CRLF.replace("\r\n", "\n").replace("\r", "\n")
