"""doccano: lines read by polars, shapes as doccano's importer states them, and our own reader."""

import io
import json
from typing import Any

import polars
import pytest
from pydantic import BaseModel, ConfigDict

from app.exchange.formats.doccano import Doccano
from tests.exchange.formats.reading import Pipe, Taken, taken, written, zip_of
from tests.exchange.formats.sample import annotations, empty, links, sample, texts

FORMAT = Doccano()


class Entity(BaseModel):
    """What doccano's relation extraction importer asks of an entity."""

    model_config = ConfigDict(strict=True)
    id: int
    label: str
    start_offset: int
    end_offset: int


class Relation(BaseModel):
    """What it asks of a relation."""

    model_config = ConfigDict(strict=True)
    from_id: int
    to_id: int
    type: str


@pytest.fixture(scope="module")
def data() -> bytes:
    return written(FORMAT, sample())


def test_lines_hold_for_readers_that_split_the_unicode_way(data: bytes) -> None:
    parsed = [json.loads(line) for line in data.decode().splitlines()]
    assert [line["text"] for line in parsed] == [text for text in texts().values() if text]


def test_polars_and_doccanos_shapes_find_every_span(data: bytes) -> None:
    frame = polars.read_ndjson(io.BytesIO(data))
    found, seen = [], []
    for line in frame.to_dicts():
        entities = [Entity.model_validate(entity) for entity in line["entities"]]
        seen += [entity.id for entity in entities]
        found += [
            (line["id"], e.label, line["text"][e.start_offset : e.end_offset]) for e in entities
        ]
        relations = [Relation.model_validate(relation) for relation in line["relations"]]
        assert {r.from_id for r in relations} | {r.to_id for r in relations} <= {
            e.id for e in entities
        }
    expected = [(r.article_id, r.kind, f.exact) for r in annotations() for f in r.fragments]
    assert found == expected
    assert seen == list(range(1, len(expected) + 1))


def test_what_goes_out_comes_back_as_far_as_it_can(data: bytes) -> None:
    result = Taken(FORMAT.read(Pipe(data, 1000), {}))  # type: ignore[arg-type]
    assert result.codes == []
    keep = [(r.id, r.article_id, r.kind, r.fragments) for r in annotations()]
    assert [(r.id, r.article_id, r.kind, r.fragments) for r in result.annotations] == keep
    inside = [k for k in links() if k.from_article_id == k.to_article_id]
    assert [(k.id, k.from_id, k.to_id, k.relation) for k in result.links] == [
        (k.id, k.from_id, k.to_id, k.relation) for k in inside
    ]


def test_the_older_lists_are_read() -> None:
    data = b'\xef\xbb\xbf{"id": 4, "text": "Prices rose", "label": [[0, 6, "Claim"]]}\r\n\r\n'
    result = taken(FORMAT, data)
    assert result.codes == []
    assert [(r.external_id, r.fragments[0].exact) for r in result.annotations] == [
        ("4#0", "Prices")
    ]


def test_the_zip_that_doccano_makes_is_read() -> None:
    """One file an annotator, the same texts in each; names of files tell where a fault is."""

    def tagged(number: int, start: int, label: str = "Claim") -> bytes:
        entity = {"id": number, "label": label, "start_offset": start, "end_offset": start + 4}
        told = {"id": 4, "text": "Some text", "entities": [entity], "relations": [], "Comments": []}
        return json.dumps(told).encode() + b"\n"

    data = zip_of({"ana.jsonl": tagged(1, 0), "rui.jsonl": tagged(2, 5) + tagged(3, 0, "Other")})
    result = taken(FORMAT, data)
    assert [(error.name, error.line, error.code) for error in result.errors] == [
        ("rui.jsonl", 2, "unknown_kind")
    ]
    assert [(r.external_id, r.fragments[0].exact) for r in result.annotations] == [
        ("4#1", "Some"),
        ("4#2", "text"),
    ]
    assert {article.external_id for article in result.articles} == {"4"}


def line(**more: Any) -> bytes:
    return json.dumps({"text": "Some text", **more}).encode()


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"{", ["bad_json"]),
        (b"[1]", ["not_an_object"]),
        (b"\xff", ["bad_encoding"]),
        (b'{"text": null}', ["not_a_text"]),
        (line(label=[[0, 99, "Claim"]]), ["out_of_range"]),
        (line(label=[[0, 4]]), ["bad_entity"]),
        (line(label=[[True, 4, "Claim"]]), ["not_an_integer"]),
        (line(label=[[4, 0, "Claim"]]), ["empty_span"]),
        (line(label=[[0, 4, "Other"]]), ["unknown_kind"]),
        (
            line(relations=[{"from_id": 0, "to_id": 1, "type": "contradicts"}]),
            ["unknown_reference"],
        ),
        (line(relations=[{"type": "causes"}]), ["unknown_relation"]),
        (line(entities=7, relations="x"), []),
    ],
)
def test_a_bad_line_is_named_and_the_next_is_read(data: bytes, codes: list[str]) -> None:
    result = taken(FORMAT, data + b"\n" + line(id="last"))
    assert result.codes == codes
    assert all(error.line == 1 for error in result.errors)
    assert result.articles[-1].id == "last"


def test_an_endless_line_is_refused() -> None:
    assert taken(FORMAT, b"x" * 600_000, line_bytes=1000).codes == ["too_long"]


def test_an_empty_project_is_an_empty_file() -> None:
    assert written(FORMAT, empty()) == b""
