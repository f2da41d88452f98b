"""WebAnno TSV, read by a parser written from the format's description alone.

No package on PyPI reads spans, stacking and relations of version 3.3, so the reading rules of
the user guide (text rebuilt from sentences, units in UTF-16, disambiguation ids) stand here.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.exchange.formats.webanno_tsv import WebAnnoTsv
from tests.exchange.formats.reading import unzipped, written
from tests.exchange.formats.sample import ARTICLES, annotations, empty, links, sample, texts

FORMAT = WebAnnoTsv()
UNESCAPES = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}


def unescape(text: str) -> str:
    return re.sub(r"\\(->|.)", lambda m: UNESCAPES.get(m[1], m[1]), text, flags=re.DOTALL)


def split_unescaped(text: str, mark: str) -> list[str]:
    return re.split(rf"(?<!\\){re.escape(mark)}", text)


@dataclass
class Parsed:
    """What a reader gets out of one file."""

    text: str = ""
    spans: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)


def parse(data: bytes) -> Parsed:
    lines = re.split("\r\n|\r|\n", data.decode())
    assert lines[0] == "#FORMAT=WebAnno TSV 3.3"
    layers = [line.partition("=")[2].split("|") for line in lines if line.startswith("#T_")]
    at = lines.index("")
    assert lines[at + 1] == ""
    found, sentence, named = Parsed(), "", {}
    pending: list[tuple[str, dict[str, Any]]] = []
    for line in lines[at + 2 :]:
        if line.startswith("#Text="):
            sentence += unescape(line.removeprefix("#Text=")) + "\n"
        elif line:
            name, place, token, *cells = line.split("\t")
            start, end = map(int, place.split("-"))
            sentence = begin(found, sentence, start)
            assert cut(found.text, start, end) == token
            pending += stacks(found, named, layers, cells, (name, start, end))
    for name, relation in pending:
        found.relations.append(related(found, name, relation))
    return found


def begin(found: Parsed, sentence: str, start: int) -> str:
    if sentence:
        if utf16(found.text) > start:
            assert found.text.endswith("\n")
            found.text = found.text[:-1]
        found.text += " " * (start - utf16(found.text)) + sentence
    return ""


def stacks(
    found: Parsed, named: dict[int, Any], layers: list[list[str]], cells: list[str], at: Any
) -> list[tuple[str, dict[str, Any]]]:
    column, pending = 0, []
    for layer, *features in layers:
        values = [split_unescaped(cell, "|") for cell in cells[column : column + len(features)]]
        column += len(features)
        for stack in zip(*values, strict=True) if values[0] != ["_"] else ():
            if layer.endswith("Link"):
                pending.append((at[0], dict(zip(features, stack, strict=True))))
            else:
                add(found, named, layer, features, stack, at)
    return pending


def related(found: Parsed, name: str, relation: dict[str, Any]) -> dict[str, Any]:
    source, _, ids = next(v for k, v in relation.items() if k.startswith("BT_")).partition("[")
    one, two = map(int, ids.rstrip("]").split("_")) if ids else (0, 0)
    return {**relation, "from": unit(found, source, one), "to": unit(found, name, two)}


def add(
    found: Parsed, named: dict[int, Any], layer: str, features: list[str], stack: Any, at: Any
) -> None:
    ids = {m[1] for m in (re.search(r"(?<!\\)\[(\d+)\]$", value) for value in stack) if m}
    bare = [re.sub(r"(?<!\\)\[\d+\]$", "", value) for value in stack]
    said = {k: None if v == "*" else unescape(v) for k, v in zip(features, bare, strict=True)}
    name, start, end = at
    assert len(ids) <= 1
    number = int(ids.pop()) if ids else 0
    if number in named:
        assert named[number]["said"] == said
        named[number]["end"] = end
        return
    span = {"layer": layer, "said": said, "first": name, "start": start, "end": end, "id": number}
    if number:
        named[number] = span
    found.spans.append(span)


def unit(found: Parsed, name: str, number: int) -> dict[str, Any]:
    fits = [
        span
        for span in found.spans
        if span["layer"].endswith("Fact") and span["first"] == name and span["id"] == number
    ]
    assert len(fits) == 1
    return fits[0]


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, start: int, end: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@pytest.fixture(scope="module")
def files() -> dict[str, Parsed]:
    data = unzipped(written(FORMAT, sample()))
    named = {name.rpartition(".")[0][-36:]: d for name, d in data.items() if name.endswith(".tsv")}
    return {key: parse(content) for key, content in named.items()}


def test_texts_are_rebuilt_with_their_line_ends(files: dict[str, Parsed]) -> None:
    for article in ARTICLES:
        found, stored = files[article.id].text, article.text
        lead = len(stored) - len(stored.lstrip())
        assert found.removesuffix("\n") == " " * lead + stored.lstrip().removesuffix("\n")


def test_every_span_comes_back(files: dict[str, Parsed]) -> None:
    found = [
        (key, s["said"]["annotation"], s["said"]["kind"], s["said"]["fragment"],
         cut(parsed.text, s["start"], s["end"]))
        for key, parsed in files.items()
        for s in parsed.spans
        if s["layer"].endswith("Fact")
    ]  # fmt: skip
    expected = [
        (row.article_id, row.id, row.kind, f"{n}/{len(row.fragments)}", piece.exact.strip())
        for row in annotations()
        for n, piece in enumerate(row.fragments, 1)
    ]
    assert sorted(found) == sorted(expected)


def test_offsets_count_utf16(files: dict[str, Parsed]) -> None:
    for key, parsed in files.items():
        for span in parsed.spans:
            row = next((r for r in annotations() if r.id == span["said"]["annotation"]), None)
            if row and len(row.fragments) == 1 and span["layer"].endswith("Fact"):
                assert span["start"] == utf16(texts()[key][: row.start])


def test_attributes_and_parts_survive_reserved_characters(files: dict[str, Parsed]) -> None:
    rows = {row.id: row for row in annotations()}
    seen = 0
    for parsed in files.values():
        for span in parsed.spans:
            said, row = span["said"], rows[span["said"]["annotation"]]
            if span["layer"].endswith("FactPart"):
                pieces = [piece.exact for piece in row.parts[said["role"]]]
                assert cut(parsed.text, span["start"], span["end"]) in pieces
                seen += 1
                continue
            assert said["author"] == row.author.name
            for name in ("statement", "value", "value_max", "unit"):
                expected = row.attributes.get(name)
                assert said[name] == (expected.replace("\r\n", "\n") if expected else None)
    assert seen == sum(len(p) for row in rows.values() for p in row.parts.values())


def test_links_inside_articles_join_the_right_annotations(files: dict[str, Parsed]) -> None:
    found = {
        (r["from"]["said"]["annotation"], r["to"]["said"]["annotation"], r["relation"])
        for parsed in files.values()
        for r in parsed.relations
    }
    inside = [k for k in links() if k.from_article_id == k.to_article_id]
    assert found == {(k.from_id, k.to_id, k.relation) for k in inside}


def test_an_empty_project_has_no_tsv() -> None:
    names = set(unzipped(written(FORMAT, empty())))
    assert names == {"README.md", "links-across-articles.jsonl"}
