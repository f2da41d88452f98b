"""Bad input: a clear error, nothing half written, nothing left on the disk."""

import gzip
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from app.exchange.imports import receiving
from app.exchange.imports.receiving import Promised, Unmeasured, receive
from app.kernel.errors import LengthRequired, Malformed, Refused
from app.web.application import Application
from tests.exchange.making import TEXT
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem

Json = dict[str, Any]
ARTICLE = {"type": "article", "title": "T", "text": TEXT, "external_id": "one"}
FIGURE = {
    "type": "annotation",
    "article_external_id": "one",
    "kind": "figure",
    "target": {"start": 33, "end": 35, "exact": "14"},
    "attributes": {"value": "14"},
}


EMOJI = TEXT.index("😀")
NESTED = b'{"a":' * 600 + b"1" + b"}" * 600
HUGE = b"1" + b"0" * 30


def encoded(*lines: Json | bytes) -> bytes:
    return b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines)


@pytest.fixture
def send(api: Api, annotator: Person, project: MadeProject) -> Callable[..., Answer]:
    """Posts bytes to the project's import."""

    def post(data: bytes, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        return api.as_(annotator).post(
            f"{project.path}/import",
            data=data,
            query=query,
            headers=headers,
            content_type="application/octet-stream",
        )

    return post


@pytest.fixture(autouse=True)
def clean(app: Application, api: Api, viewer: Person, project: MadeProject) -> Iterator[None]:
    """Whatever a test sends: no temporary file and no open file stays, and nothing came in."""
    folder = app.config["DATA_DIR"]
    before, handles = _files(folder), _temporary_files()
    yield
    assert _files(folder) == before
    assert _temporary_files() == handles
    assert api.as_(viewer).get(f"{project.path}/articles").json["items"] == []


def _files(folder: Path) -> set[str]:
    """What lies there but for the databases, which other tests make and drop meanwhile."""
    return {name for name in os.listdir(folder) if ".db" not in name and name != "postgres"}


def _temporary_files() -> set[str]:
    """Files that are open though they have no name any more."""
    found = set()
    for handle in os.listdir("/proc/self/fd"):
        try:
            found.add(os.readlink(f"/proc/self/fd/{handle}"))
        except OSError:
            continue
    return {path for path in found if path.endswith("(deleted)")}


def faults(answer: Answer) -> list[tuple[Any, str]]:
    assert_problem(answer, 422, "import_failed")
    return [
        (error.get("line") or error.get("name"), error["code"]) for error in answer.json["errors"]
    ]


def test_broken_json_far_down_is_named_by_its_line(send: Callable[..., Answer]) -> None:
    blank = b"\n" * 69_999
    assert faults(send(encoded(ARTICLE, blank + b'{"type": "annotation", "kind"'))) == [
        (70_001, "bad_json")
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"type": "article", "title": "\xff", "text": "x"}', "bad_encoding"),
        (b'{"type": "article", "title": "\\u0000", "text": "x"}', "bad_character"),
        (b'{"type": "article", "title": "\\ud800", "text": "x"}', "bad_character"),
        (b'{"type": "article", "title": "T", "title": "U", "text": 1, "x": 1}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (b'{"type": "article"}', "required"),
        (b'{"type": "article", "title": "T", "text": ""}', "length"),
        (b'{"type": "article", "title": "T", "text": 5}', "not_a_string"),
        (b'{"type": "article", "title": "T", "text": "x", "id": "7"}', "not_an_id"),
        (b'{"type": "article", "title": "T", "text": "x", "meta": []}', "not_an_object"),
        (b'{"type": "article", "title": "T", "text": "x", "meta": {"a": "\\u0000"}}',
         "bad_character"),
        (b'{"type": "article", "title": "T", "text": "x", "meta": {"a": 1e999}}',
         "number_out_of_range"),
        (b'{"type": "article", "title": "T", "text": "x", "version": 0}', "bad_value"),
        (b'{"type": "article", "title": "T", "text": "x", "state": "gone"}', "bad_value"),
        (b'{"type": "annotation", "kind": "claim"}', "required"),
        (b'{"type": "annotation", "kind": "claim", "target": {}, "score": true}', "bad_score"),
        (b'{"type": "article", "title": "T", "text": "x", "y": ' + NESTED + b"}", "bad_json"),
        (b'{"type": "revision", "article_external_id": "one", "number": 0}', "bad_value"),
        (b'{"type": "revision", "article_external_id": "one"}', "required"),
        (b'{"type": "link", "relation": "likes"}', "not_a_choice"),
        (b'{"type": "link", "relation": "contradicts"}', "unknown_annotation"),
        (b'{"type": "source", "name": ""}', "bad_value"),
        (b'{"type": "source", "name": "N", "source_type": "ghost"}', "not_a_choice"),
        (b'{"type": 5}', "unknown_type"),
        (b"null", "not_an_object"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told(send: Callable[..., Answer], line: bytes, code: str) -> None:
    found = faults(send(encoded(ARTICLE, line)))
    assert {place for place, _ in found} == {2}
    assert code in {word for _, word in found}


def task(meta: bytes) -> bytes:
    """A task of Label Studio with an article's own `meta`."""
    return b'{"data": {"text": "x", "article": {"title": "T", "meta": ' + meta + b"}}}"


def selected(start: bytes, end: bytes) -> bytes:
    """A Web Annotation of a stretch of text."""
    place = b'{"type": "TextPositionSelector", "start": ' + start + b', "end": ' + end + b"}"
    target = b'"target": {"source": "https://a.example/1", "selector": ' + place + b"}"
    tag = b'"body": {"type": "TextualBody", "purpose": "tagging", "value": "claim"}'
    return b'{"id": "https://a.example/2", "type": "Annotation", ' + tag + b", " + target + b"}"


@pytest.mark.parametrize(
    ("name", "item", "code"),
    [
        ("label-studio", task(NESTED), "bad_json"),
        ("label-studio", task(b'{"a":' * 100 + b"1" + b"}" * 100), "malformed_json"),
        ("label-studio", task(b'{"a": 1e999}'), "bad_json"),
        ("label-studio", task(b'{"a": ' + HUGE * 20 + b"}"), "number_out_of_range"),
        ("jsonld", selected(b"1", HUGE), "unknown_article"),
    ],
)
def test_numbers_and_depths_past_bounds_are_no_crash(
    send: Callable[..., Answer], name: str, item: bytes, code: str
) -> None:
    assert faults(send(b"[" + item + b"]", format=name)) == [(1, code)]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"target": {"start": 33, "end": 35, "exact": "15"}}, "/target/exact", "quote_mismatch"),
        ({"target": {"start": 35, "end": 33}}, "/target/end", "reversed_span"),
        ({"target": {"start": 3, "end": 3}}, "/target/end", "empty_span"),
        ({"target": {"start": 3, "end": 10**30}}, "/target/end", "past_the_end"),
        ({"target": {"start": -1, "end": 3}}, "/target/start", "negative_offset"),
        ({"target": {"start": 0, "end": 9999}}, "/target/end", "past_the_end"),
        ({"target": {"start": 10**30, "end": 9}}, "/target/end", "reversed_span"),
        ({"target": {"start": True, "end": 3}}, "/target/start", "bad_value"),
        ({"target": {"start": 1.5, "end": 3}}, "/target/start", "bad_value"),
        ({"target": {"exact": "people"}}, "/target/exact", "ambiguous_quote"),
        ({"target": {"fragments": [{"start": 3, "end": 5}, {"start": 4, "end": 9}]}},
         "/target/fragments/1", "fragments_overlap"),
        ({"target": {"start": 0, "end": EMOJI + 1, "unit": "utf16"}}, "/target/end",
         "inside_code_point"),
        ({"attributes": {"value": "1e999999"}}, "/attributes/value", "too_many_digits"),
        ({"attributes": {"value": "1", "extra": {}}}, "/attributes/extra", "no_attribute_schema"),
        ({"attributes": []}, "/attributes", "not_an_object"),
        ({"parts": {"cue": [{"start": 0, "end": 1}]}}, "/parts", "parts_unexpected"),
        ({"external_id": ""}, "/external_id", "length"),
        ({"note": "x" * 10_001}, "/note", "length"),
        ({"tags": [""]}, "/tags/0", "length"),
        ({"article_id": "none"}, "/article_id", "unknown_article"),
        ({"version": 2**40}, "/version", "bad_value"),
    ],
)  # fmt: skip
def test_a_bad_annotation_is_told_with_its_pointer(
    send: Callable[..., Answer], change: Json, pointer: str, code: str
) -> None:
    line = {**FIGURE, **change}
    if "article_id" in change:
        del line["article_external_id"]
    refused = send(encoded(ARTICLE, line))
    assert_problem(refused, 422, "import_failed")
    (error,) = refused.json["errors"]
    assert (error["line"], error["pointer"], error["code"]) == (2, pointer, code)


@pytest.mark.parametrize("cut", [1, 9, 40, -9, -1])
def test_truncated_gzip(send: Callable[..., Answer], cut: int) -> None:
    packed = gzip.compress(encoded(ARTICLE))
    answer = send(packed[:cut], {"Content-Encoding": "gzip"})
    assert_problem(answer, 400, "truncated_gzip")


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_shorter_than_its_length(app: Application, encoding: str) -> None:
    """All that came is right, and yet more was to come."""
    body = gzip.compress(encoded(ARTICLE)) if encoding else encoded(ARTICLE)
    whole = Promised(io.BytesIO(body), len(body))
    receive(whole, encoding, most=1000, folder=app.config["DATA_DIR"]).close()
    short = Promised(io.BytesIO(body), len(body) + 1)
    with pytest.raises(Malformed, match="Content-Length"):
        receive(short, encoding, most=1000, folder=app.config["DATA_DIR"])


@pytest.mark.parametrize(
    ("is_there", "error"), [(True, None), (False, Malformed), (None, LengthRequired)]
)
def test_a_body_without_a_length_is_whole_if_its_sender_is_still_there(
    app: Application, is_there: bool | None, error: type[Exception] | None
) -> None:
    body = Unmeasured(io.BytesIO(encoded(ARTICLE)), lambda: is_there)
    with pytest.raises(error) if error else nullcontext():
        receive(body, "", most=1000, folder=app.config["DATA_DIR"]).close()
    empty = Unmeasured(io.BytesIO(), lambda: is_there)
    receive(empty, "", most=1000, folder=app.config["DATA_DIR"]).close()


def test_what_is_no_gzip_or_another_encoding(send: Callable[..., Answer]) -> None:
    gzipped = {"Content-Encoding": "gzip"}
    assert_problem(send(encoded(ARTICLE), gzipped), 400, "bad_gzip")
    assert_problem(send(gzip.compress(b"x") + b"more", gzipped), 400, "bad_gzip")
    assert_problem(send(encoded(ARTICLE), {"Content-Encoding": "br"}), 415)


def test_a_gzip_bomb_is_stopped_long_before_it_is_unpacked(send: Callable[..., Answer]) -> None:
    bomb = gzip.compress(b"\n" * (64 * 1024 * 1024), 9)
    assert_problem(send(bomb, {"Content-Encoding": "gzip"}), 413, "too_large")


def test_limits_are_named(
    make_app: Callable[..., Application], annotator: Person, project: MadeProject
) -> None:
    small = Api(make_app(max_import_bytes=2048, max_import_line_bytes=1024), annotator.token)
    path = f"{project.path}/import"
    body = encoded(ARTICLE, b" " * 3000)
    told = assert_problem(small.post(path, data=body, content_type="text/plain"), 413, "too_large")
    assert "MAX_IMPORT_BYTES" in told["detail"]
    long = encoded({**ARTICLE, "text": "x" * 1500})
    problem = assert_problem(small.post(path, data=long, content_type="text/plain"), 422)
    assert problem["errors"][0]["code"] == "too_long"
    few = Api(make_app(max_text_codepoints=100), annotator.token)
    body = encoded({**ARTICLE, "text": "x" * 101})
    problem = assert_problem(few.post(path, data=body, content_type="text/plain"), 422)
    assert problem["errors"][0]["code"] == "text_too_long"


def test_marks_and_line_ends_of_other_systems_do_no_harm(send: Callable[..., Answer]) -> None:
    data = b"\xef\xbb\xbf" + encoded(ARTICLE) + b"\r\n\r\n  \r\n" + encoded(FIGURE) + b"\r\n"
    answer = send(data, dry_run="true")
    assert answer.status_code == 200, answer.text
    assert answer.json["created"]["annotations"] == 1
    assert faults(send(encoded(ARTICLE).decode().encode("utf-16")))[0][1] == "bad_encoding"


def test_nothing_comes_of_nothing(send: Callable[..., Answer]) -> None:
    for data in (b"", b"\n\n", b"\xef\xbb\xbf"):
        answer = send(data)
        assert answer.status_code == 200
        assert sum(answer.json["created"].values()) == answer.json["failed"] == 0


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", ["text", "brat", "doccano", "label-studio"])
def test_links_in_archives_are_not_followed(send: Callable[..., Answer], name: str) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert ("a.txt", "unsafe_path") in faults(send(out.getvalue(), format=name))


def test_units_declared_and_undeclared(send: Callable[..., Answer]) -> None:
    """Undeclared, offsets of a browser fall beside their quote, and the answer says so."""
    shifted = {"start": EMOJI + 3, "end": EMOJI + 9, "exact": "Nobody"}
    line = {**FIGURE, "target": shifted}
    (found,) = faults(send(encoded(ARTICLE, line)))
    assert found == (2, "quote_mismatch")
    for target, query in (({**shifted, "unit": "utf16"}, {}), (shifted, {"unit": "utf16"})):
        told = encoded(ARTICLE, {**line, "target": target})
        assert send(told, dry_run="true", **query).json["created"]["annotations"] == 1


def test_links_to_what_another_file_has(send: Callable[..., Answer]) -> None:
    link = {"type": "link", "relation": "contradicts", "from_external_id": "a"}
    lines = encoded(
        ARTICLE, {**FIGURE, "external_id": "a"}, {**link, "to_external_id": "elsewhere"}
    )
    assert faults(send(lines)) == [(3, "unknown_annotation")]


def test_archives_that_reach_out_or_blow_up(send: Callable[..., Answer]) -> None:
    paths = _zip(**{"../../etc/passwd.txt": b"x", "/abs.txt": b"y"})
    assert {place for place, _ in faults(send(paths, format="text"))} == {
        *("../../etc/passwd.txt", "/abs.txt")
    }
    bomb = _zip(**{"bomb.txt": b"\0" * (400 * 1024 * 1024)})
    assert faults(send(bomb, format="text"))
    assert faults(send(paths[:-30], format="brat"))


@pytest.mark.parametrize("name", ["label-studio", "doccano", "brat", "jsonld", "text"])
@pytest.mark.parametrize("data", [b"\x80\x81", b"{", b"PK\x03\x04rubbish", b'{"a": [}'])
def test_rubbish_in_any_format_is_an_error(
    send: Callable[..., Answer], name: str, data: bytes
) -> None:
    if name == "text" and data in (b"{", b'{"a": [}'):
        return  # as a text that is as good as any other
    assert faults(send(data, format=name))


def test_a_full_disk_is_told(send: Callable[..., Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, _data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(receiving, "SpooledTemporaryFile", lambda *_, **__: Full())
    assert_problem(send(encoded(ARTICLE)), 503, "disk_full")


def test_who_hangs_up_while_sending_leaves_nothing(app: Application) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        receive(Broken(), "", most=100, folder=app.config["DATA_DIR"])
    with pytest.raises(Refused):
        receive(io.BytesIO(b"x" * 101), "", most=100, folder=app.config["DATA_DIR"])
