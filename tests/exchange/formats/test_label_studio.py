"""Label Studio: tasks checked by the documented region shapes and the configuration beside them."""

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from app.exchange.formats.label_studio import LabelStudio
from tests.exchange.formats.reading import Pipe, Taken, taken, unzipped, written, zip_of
from tests.exchange.formats.sample import ARTICLES, annotations, empty, links, sample, texts

FORMAT = LabelStudio()


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return unzipped(written(FORMAT, sample()))


@pytest.fixture(scope="module")
def tasks(files: dict[str, bytes]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files["tasks.json"])
    return found


def results(tasks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(t, item) for t in tasks for a in t["annotations"] for item in a["result"]]


def test_regions_quote_the_text_of_their_task(tasks: list[dict[str, Any]]) -> None:
    assert [task["data"]["text"] for task in tasks] == list(texts().values())
    found = []
    for task, item in results(tasks):
        if item["type"] == "labels":
            value = item["value"]
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            if item["from_name"] == "kind":
                found.append((value["start"], value["end"], value["labels"][0].lower()))
    expected = [(f.start, f.end, row.kind) for row in annotations() for f in row.fragments]
    assert sorted(found) == sorted(expected)


def test_every_result_fits_the_configuration(
    files: dict[str, bytes], tasks: list[dict[str, Any]]
) -> None:
    root = ElementTree.fromstring(files["labeling-config.xml"])
    controls = {node.get("name"): node for node in root.iter() if node.get("toName")}
    objects = {node.get("name") for node in root.iter("Text")}
    relations = {node.get("value") for node in root.iter("Relation")}
    assert objects == {"text"}
    tags = {"labels": ("Labels", "Label"), "choices": ("Choices", "Choice")}
    for _, item in results(tasks):
        if item["type"] == "relation":
            assert set(item["labels"]) <= relations
            assert item["direction"] in ("left", "right", "bi")
            continue
        node = controls[item["from_name"]]
        assert item["to_name"] == node.get("toName")
        if item["type"] == "textarea":
            assert node.tag == "TextArea"
            continue
        tag, child = tags[item["type"]]
        assert node.tag == tag
        allowed = {entry.get("value") for entry in node.iter(child)}
        assert set(item["value"][item["type"]]) <= allowed


def test_relations_join_regions_of_the_same_result(tasks: list[dict[str, Any]]) -> None:
    for task in tasks:
        items = [item for a in task["annotations"] for item in a["result"]]
        ids = {item["id"] for item in items if item["type"] == "labels"}
        ends = [
            item[k] for item in items if item["type"] == "relation" for k in ("from_id", "to_id")
        ]
        assert set(ends) <= ids


def test_what_goes_out_comes_back(files: dict[str, bytes]) -> None:
    result = taken(FORMAT, zip_of(files))
    assert result.codes == []
    assert result.annotations == annotations()
    assert result.articles == list(ARTICLES)
    assert sorted(result.links, key=lambda link: link.id) == links()


def test_the_bare_tasks_are_read_too(files: dict[str, bytes]) -> None:
    result = Taken(FORMAT.read(Pipe(files["tasks.json"], 4096), {}))  # type: ignore[arg-type]
    assert result.codes == []
    assert result.annotations == annotations()


def test_a_foreign_export_with_predictions() -> None:
    def region(key: str, start: int, end: int, label: str) -> dict[str, Any]:
        return {"id": key, "from_name": "ner", "to_name": "t", "type": "labels",
                "value": {"start": start, "end": end, "labels": [label]}}  # fmt: skip

    task = {
        "id": 12,
        "data": {"body": "🔥 Prices rose 5 %"},
        "annotations": [
            {"completed_by": {"id": 3, "email": "a@b.example"},
             "result": [region("x", 2, 13, "CLAIM"), region("y", 14, 17, "Quantity"),
                        {"type": "relation", "from_id": "x", "to_id": "y",
                         "labels": ["contradicts"]},
                        {"id": "y", "from_name": "unit", "to_name": "t", "type": "textarea",
                         "value": {"start": 14, "end": 17, "text": ["percent"]}}]},
            {"was_cancelled": True, "result": [region("z", 0, 1, "Claim")]},
        ],
        "predictions": [{"score": 0.25, "result": [region("p", 0, 1, "Claim")]}],
    }  # fmt: skip
    data = json.dumps([task]).encode()
    result = taken(FORMAT, data, text_key="body", labels={"Quantity": "figure"})
    assert result.codes == []
    assert [row.external_id for row in result.articles] == ["12"]
    assert [(r.kind, r.fragments[0].exact, r.origin, r.score) for r in result.annotations] == [
        ("claim", "Prices rose", "human", None),
        ("figure", "5 %", "human", None),
        ("claim", "🔥", "machine", 0.25),
    ]
    assert result.annotations[0].author.name == "a@b.example"
    assert result.annotations[1].attributes == {"unit": "percent"}
    assert [(k.from_id, k.to_id) for k in result.links] == [
        ("12#annotations/0/x", "12#annotations/0/y")
    ]
    again = taken(FORMAT, data, text_key="body", labels={"Quantity": "figure"})
    assert again.annotations == result.annotations


def test_a_prediction_that_a_person_took_over_has_no_score() -> None:
    """As Label Studio writes it; and models leave out what it can do without."""
    region = {"from_name": "label", "to_name": "text", "type": "labels",
              "value": {"start": 0, "end": 4, "labels": ["Claim"]}}  # fmt: skip
    took = {**region, "id": "aB3", "score": 0.9, "origin": "prediction", "parent_id": None,
            "meta": {"text": ["a remark"]}}  # fmt: skip
    task = {
        "id": 7, "inner_id": 1, "total_annotations": 1, "cancelled_annotations": 0, "drafts": [],
        "file_upload": "0a1b-texts.json", "meta": {}, "project": 3, "comment_authors": [],
        "data": {"text": "Some text"}, "created_at": "2026-01-05T10:00:00.000000Z",
        "annotations": [
            {"id": 1, "completed_by": 2, "result": [took], "was_cancelled": False,
             "ground_truth": False, "lead_time": 4.2, "parent_prediction": 9,
             "unique_id": "01f1", "last_action": None, "task": 7}],
        "predictions": [{"id": 9, "model_version": "v1", "result": [region, region], "score": 0.5}],
    }  # fmt: skip
    result = taken(FORMAT, json.dumps([task], indent=2).encode())
    assert result.codes == []
    assert [(r.origin, r.score, r.external_id) for r in result.annotations] == [
        ("human", None, "7#annotations/0/aB3"),
        ("machine", 0.5, "7#predictions/0/region-1"),
        ("machine", 0.5, "7#predictions/0/region-2"),
    ]


def one(*results_: Any, text: Any = "Some text") -> bytes:
    return json.dumps([{"data": {"text": text}, "annotations": [{"result": results_}]}]).encode()


def labelled(start: Any, end: Any, label: Any = "Claim", **value: Any) -> dict[str, Any]:
    return {"id": "r", "type": "labels", "from_name": "kind",
            "value": {"start": start, "end": end, "labels": [label], **value}}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["bad_json"]),
        (b"[", ["bad_json"]),
        (b"[{]", ["bad_json"]),
        (b"7", ["bad_json"]),
        (b"[NaN]", ["bad_json"]),
        (b"[" * 100_000, ["bad_json"]),
        (b'{"a": 1, "a": 2}', ["bad_json"]),
        (b"\xff\xfe[\x00]\x00", ["bad_encoding"]),
        (b"PK\x03\x04 and then nothing", ["bad_zip"]),
        (b"[1]", ["not_an_object"]),
        (b'[{"data": {"text": 5}}]', ["not_a_text"]),
        (b'[{"data": {"text": "\\ud800"}}]', ["bad_character"]),
        (b'[{"data": {"text": "a\\u0000"}}]', ["bad_character"]),
        (b'[{"data": {"text": "a"}}] x', ["bad_json"]),
        (b'[{"id": 1, "text": "Some", "label": []}]', ["json_min"]),
        (one(labelled(0, 99)), ["out_of_range"]),
        (one(labelled(-1, 2)), ["out_of_range"]),
        (one(labelled(True, 2)), ["not_an_integer"]),
        (one(labelled(0.5, 2)), ["not_an_integer"]),
        (one(labelled(2, 2)), ["empty_span"]),
        (one(labelled(0, 4, text="nope")), ["quote_mismatch"]),
        (one(labelled(0, 4, label="Premise")), ["unknown_kind"]),
        (one(labelled(0, 4), labelled(0, 4)), ["duplicate_id"]),
        (one({"type": "relation", "from_id": "a", "to_id": "b"}), ["unknown_reference"]),
        (one(labelled(0, 4), text="\ufeffSome"), []),
    ],
)
def test_bad_input_is_named(data: bytes, codes: list[str]) -> None:
    assert taken(FORMAT, data).codes == codes


def test_a_broken_task_does_not_stop_the_others() -> None:
    data = b'\xef\xbb\xbf[\r\n{"data": 1},\r\n{"data": {"text": "fine"}}\r\n]'
    result = taken(FORMAT, data)
    assert [(error.code, error.line) for error in result.errors] == [("not_an_object", 2)]
    assert [row.text for row in result.articles] == ["fine"]


def test_utf16_offsets_undeclared_are_explained() -> None:
    data = one(labelled(3, 7, text="fire"), text="🔥 fire")
    assert (
        "unit=utf16"
        in taken(FORMAT, one(labelled(3, 6, text="fir"), text="🔥 fire")).errors[0].detail
    )
    assert taken(FORMAT, data, unit="utf16").annotations[0].fragments[0].exact == "fire"


def test_an_empty_project() -> None:
    files = unzipped(written(FORMAT, empty()))
    assert json.loads(files["tasks.json"]) == []
