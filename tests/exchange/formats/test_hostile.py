"""Readers against damaged files: whatever comes in, only rows and named errors come out."""

import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.formats.base import Format, Unreadable
from app.exchange.formats.brat import Brat
from app.exchange.formats.doccano import Doccano
from app.exchange.formats.jsonld import WebAnnotation
from app.exchange.formats.label_studio import LabelStudio
from app.exchange.formats.naming import stem
from app.exchange.formats.text import PlainText
from tests.exchange.formats.reading import Pipe, Taken, taken, unzipped, written, zip_of
from tests.exchange.formats.sample import ARTICLES, sample

READERS: list[Format] = [Brat(), Doccano(), WebAnnotation(), LabelStudio(), PlainText()]
WRITTEN = {form.name: written(form, sample()) for form in READERS if form.name != "text"}
WRITTEN["text"] = zip_of({"a.txt": b"one", "b.txt": b"two"})
TASKS = unzipped(WRITTEN["label-studio"])["tasks.json"]
FILES = unzipped(WRITTEN["brat"])
JUNK = [b"", b"\x00", b"\xff\xfe", b"null", b"true", b"-1", b'"x"', b"[]", b"{}", b"1e999", b"\t"]

many = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def sound(found: Taken) -> None:
    """Rows whose every text can be stored, and errors that say something."""
    for error in found.errors:
        assert error.code
        assert error.detail
    for article in found.articles:
        article.text.encode()
        assert "\x00" not in article.text
        assert article.id
    texts = {article.id: article.text for article in found.articles}
    for row in found.annotations:
        assert row.fragments
        for piece in row.fragments:
            assert 0 <= piece.start < piece.end
            if row.article_id in texts:
                assert texts[row.article_id][piece.start : piece.end] == piece.exact


@pytest.mark.parametrize("form", READERS, ids=lambda form: form.name)
@many
@given(data=st.data())
def test_damaged_exports(form: Format, data: st.DataObject) -> None:
    whole = WRITTEN[form.name]
    sound(taken(form, damaged(whole, data)))


@many
@given(data=st.data())
def test_damaged_tasks(data: st.DataObject) -> None:
    sound(taken(LabelStudio(), damaged(TASKS, data)))


@many
@given(data=st.data())
def test_damaged_standoff(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FILES)))
    sound(taken(Brat(), zip_of({**FILES, name: damaged(FILES[name], data)})))


def damaged(whole: bytes, data: st.DataObject) -> bytes:
    """The file cut short, with a piece replaced, doubled or swapped for junk."""
    start = data.draw(st.integers(0, len(whole)))
    end = min(len(whole), start + data.draw(st.integers(0, 40)))
    piece = data.draw(st.one_of(st.sampled_from(JUNK), st.binary(max_size=8)))
    cut = data.draw(st.booleans())
    return whole[:start] + piece + (b"" if cut else whole[end:])


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "data",
                    "text",
                    "annotations",
                    "result",
                    "value",
                    "start",
                    "end",
                    "labels",
                    "id",
                    "type",
                    "entities",
                    "label",
                    "relations",
                    "from_id",
                    "to_id",
                    "meta",
                    "factmark",
                    "article",
                    "body",
                    "target",
                    "source",
                    "selector",
                    "purpose",
                    "items",
                    "first",
                    "creator",
                    "motivation",
                    "ft:verdict",
                    "ft:part_cue",
                    "attributes",
                    "score",
                ]
            ),
            st.one_of(inner, st.sampled_from(["labels", "relation", "Claim", "Annotation", 0, 3])),
            max_size=5,
        ),
    ),
    max_leaves=25,
)


@pytest.mark.parametrize("form", [Doccano(), WebAnnotation(), LabelStudio()], ids=lambda f: f.name)
@many
@given(value=values)
def test_json_of_any_shape(form: Format, value: Any) -> None:
    sound(taken(form, json.dumps([value]).encode()))
    sound(taken(form, json.dumps(value).encode()))


def test_no_temporary_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("app.exchange.formats.unzipping._IN_MEMORY", 100)
    for data in (WRITTEN["brat"], WRITTEN["brat"][:-30]):
        reading = iter(Brat().read(Pipe(data, 997), {}))  # type: ignore[arg-type]
        next(reading)
        reading.close()  # type: ignore[attr-defined]
        assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("form", READERS, ids=lambda form: form.name)
def test_a_stream_that_breaks_off_raises_what_the_stream_raised(form: Format) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise TimeoutError("the client is gone")

    with pytest.raises(TimeoutError):
        list(form.read(Broken(), {}))  # type: ignore[arg-type]


def test_file_names_are_safe_and_differ() -> None:
    names = [stem(article) for article in ARTICLES]
    assert len(set(names)) == len(names)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for name in names)
    assert not [name for name in names if ".." in name or name.startswith((".", "-"))]


def test_unreadable_says_where() -> None:
    error = Unreadable("Why.", code="bad", line=3, name="a.txt")
    assert (str(error), error.line, error.name) == ("Why.", 3, "a.txt")


@pytest.mark.parametrize("value", ["many", "0", -1, None, "1e9999", [1]])
def test_a_limit_that_is_no_number_is_refused(value: Any) -> None:
    assert taken(Brat(), WRITTEN["brat"], zip_members=value).codes == ["bad_option"]
    assert taken(Doccano(), WRITTEN["doccano"], line_bytes=value).codes == ["bad_option"]
    assert taken(WebAnnotation(), WRITTEN["jsonld"], item_bytes=value).codes == ["bad_option"]
