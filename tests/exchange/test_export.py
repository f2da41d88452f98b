"""Exports over HTTP: what goes out, for whom, and that nothing stays open behind them."""

import json
from typing import Any
from uuid import uuid4

import pytest

from app.exchange.formats import FORMATS
from app.exchange.schemas import WRITERS
from app.kernel.db import unit_of_work
from app.kernel.seats import Seats
from app.web.application import Application
from tests.exchange.making import add_annotation, add_article, add_link
from tests.factories.accounts import Person, add_token
from tests.factories.projects import MadeProject
from tests.support.api import Api
from tests.support.problems import assert_problem, pointers

Json = dict[str, Any]


@pytest.fixture
def tagged(api: Api, project: MadeProject, annotator: Person) -> Json:
    """Two articles, two figures in the first and one in the second, and a link."""
    mine = api.as_(annotator)
    one = add_article(mine, project, external_id="one")
    other = add_article(mine, project, external_id="other")
    dead = add_annotation(mine, one, "14 people", tags=["dead"], note="a \u2028 b, Älska")
    fewer = add_annotation(mine, one, "9 people", state="submitted")
    again = add_annotation(mine, other, "14 people")
    link = add_link(mine, project, dead, again)
    return {"one": one, "other": other, "dead": dead, "fewer": fewer, "again": again, "link": link}


def lines(api: Api, project: MadeProject, **query: Any) -> list[Json]:
    """The lines of a native export."""
    answer = api.get(f"{project.path}/export", query=query)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


def ids(found: list[Json], kind: str) -> list[str]:
    return [line["id"] for line in found if line["type"] == kind]


def test_native_lines_say_everything_in_order(
    api: Api, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    found = lines(api.as_(viewer), project)
    assert [line["type"] for line in found] == [
        *("project", "article", "annotation", "annotation", "article", "annotation", "link")
    ]
    assert ids(found, "article") == [tagged["one"]["id"], tagged["other"]["id"]]
    assert ids(found, "annotation") == [tagged[name]["id"] for name in ("dead", "fewer", "again")]
    annotation = found[2]
    for name in ("kind", "attributes", "tags", "note", "state", "author", "version", "created_at"):
        assert annotation[name] == tagged["dead"][name]
    assert annotation["article_id"] == tagged["one"]["id"]
    assert annotation["target"] == {"start": 33, "end": 42, "exact": "14 people"}
    assert "updated_at" not in annotation
    article = found[1]
    assert article["text"] == tagged["one"]["text"]
    assert article["text_sha256"] == tagged["one"]["text_sha256"]
    link = found[-1]
    assert (link["from"], link["to"]) == (tagged["dead"]["id"], tagged["again"]["id"])


def test_no_line_holds_what_some_readers_take_for_a_line_end(
    api: Api, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    text = api.as_(viewer).get(f"{project.path}/export").text
    assert len(text.splitlines()) == 7
    assert "\\u2028" in text


def test_the_answer_is_an_attachment_named_after_the_project(
    api: Api, project: MadeProject, viewer: Person
) -> None:
    answer = api.as_(viewer).get(f"{project.path}/export", query={"format": "conll"})
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{project.slug}.{FORMATS["conll"].suffix}"'
    )
    assert answer.content_type == FORMATS["conll"].media_type


def test_head_opens_no_stream(api: Api, project: MadeProject, viewer: Person) -> None:
    answer = api.as_(viewer).call("HEAD", f"{project.path}/export")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_writes_a_project(
    api: Api, project: MadeProject, viewer: Person, tagged: Json, name: str
) -> None:
    path = f"{project.path}/export"
    first, second = (api.as_(viewer).get(path, query={"format": name}) for _ in range(2))
    assert first.status_code == 200
    assert first.data == second.data


def test_filters_are_those_of_the_list(
    api: Api, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    as_viewer = api.as_(viewer)
    found = lines(as_viewer, project, tag="dead")
    assert ids(found, "annotation") == [tagged["dead"]["id"]]
    assert ids(found, "article") == [tagged["one"]["id"]]
    assert ids(found, "link") == []
    assert ids(lines(as_viewer, project, tag="dead", articles="all"), "article") == [
        *(tagged["one"]["id"], tagged["other"]["id"])
    ]
    linked = lines(as_viewer, project, linked="true")
    assert ids(linked, "annotation") == [tagged["dead"]["id"], tagged["again"]["id"]]
    assert ids(linked, "link") == [tagged["link"]["id"]]
    inside = lines(as_viewer, project, article=tagged["other"]["id"])
    assert ids(inside, "annotation") == [tagged["again"]["id"]]
    assert ids(lines(as_viewer, project, state="submitted", q="people"), "annotation") == [
        tagged["fewer"]["id"]
    ]
    assert ids(lines(as_viewer, project, q="äLSKA"), "annotation") == [tagged["dead"]["id"]]
    table = as_viewer.get(f"{project.path}/export", query={"format": "parquet", "q": "äLSKA"})
    assert table.status_code == 200
    assert ids(lines(as_viewer, project, created_after="2999-01-01T00:00:00Z"), "article") == []


def test_a_layer_goes_out_by_itself(
    api: Api, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    settled = lines(api.as_(viewer), project, layer="adjudicated")
    assert ids(settled, "annotation") == ids(settled, "article") == []  # nothing to learn from
    whole = lines(api.as_(viewer), project, layer="adjudicated", articles="all")
    assert ids(whole, "article") == ids(lines(api.as_(viewer), project), "article") != []
    assert len(ids(lines(api.as_(viewer), project, layer="annotator"), "annotation")) == 3


def test_formats_see_the_same_selection(
    api: Api, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    query = {"format": "doccano", "tag": "dead"}
    found = api.as_(viewer).get(f"{project.path}/export", query=query).text.splitlines()
    assert len(found) == 1
    assert [e["annotation"] for e in json.loads(found[0])["entities"]] == [tagged["dead"]["id"]]


def test_a_blind_annotator_exports_only_their_own_work(
    api: Api, project: MadeProject, manager: Person, annotator: Person, tagged: Json
) -> None:
    boss = api.as_(manager)
    theirs = add_annotation(boss, tagged["one"], "9 people died")
    add_link(boss, project, theirs, tagged["dead"])
    answer = boss.patch(project.path, {"settings": {"blind": True}}, if_match="*")
    assert answer.status_code == 200
    mine = lines(api.as_(annotator), project)
    assert theirs["id"] not in ids(mine, "annotation")
    assert ids(mine, "link") == [tagged["link"]["id"]]
    assert theirs["id"] in ids(lines(boss, project), "annotation")
    assert len(ids(lines(boss, project), "link")) == 2


def test_outsiders_and_tokens_without_the_scope_get_nothing(
    api: Api, app: Application, project: MadeProject, viewer: Person, outsider: Person
) -> None:
    path = f"{project.path}/export"
    assert_problem(api.get(path), 401)
    assert_problem(api.as_(outsider).get(path), 404)
    with unit_of_work(app.database):
        reads, exports = add_token(viewer, "read"), add_token(viewer, "export")
    assert_problem(api.as_(reads).get(path), 403, "missing_scope")
    assert api.as_(exports).get(path).status_code == 200


def test_what_cannot_be_asked_for_is_refused(
    api: Api, project: MadeProject, viewer: Person
) -> None:
    path = f"{project.path}/export"
    for query, name in (
        ({"format": "docx"}, "/format"),
        ({"format": "text"}, "/format"),
        ({"limit": "5"}, "/limit"),
        ({"layer": "both"}, "/layer"),
        ({"created_after": "yesterday"}, "/created_after"),
        ({"format": "spacy", "ents": "nothing"}, "/ents"),
    ):
        problem = assert_problem(api.as_(viewer).get(path, query=query), 422)
        assert list(pointers(problem)) == [name]


def test_a_missing_library_is_told_before_the_stream_begins(
    api: Api, project: MadeProject, viewer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = api.as_(viewer).get(f"{project.path}/export", query={"format": "parquet"})
    assert "factmark[parquet]" in assert_problem(answer, 501)["detail"]


def test_everybody_may_read_what_formats_there_are(api: Api) -> None:
    found = {one["name"]: one for one in api.get("/formats").json["items"]}
    assert set(found) == set(FORMATS)
    assert found["ndjson"]["writes"]
    assert found["ndjson"]["reads"]
    assert found["text"]["reads"]
    assert not found["text"]["writes"]
    assert found["parquet"]["extra"] == "parquet"
    assert found["parquet"]["installed"]


def test_who_hangs_up_leaves_nothing_open(
    api: Api, app: Application, project: MadeProject, viewer: Person, tagged: Json
) -> None:
    seats: Seats = app.extensions["export_seats"]
    for format_ in ("ndjson", "csv", "jsonld"):
        for _ in range(6):  # more than there are seats
            answer = api.as_(viewer).get(
                f"{project.path}/export", query={"format": format_}, buffered=False
            )
            assert answer.status_code == 200
            next(answer.iter_encoded())
            answer.close()
    taken = [seats.take() for _ in range(app.config["EXPORT_STREAMS"])]
    assert all(taken)
    problem = assert_problem(api.as_(viewer).get(f"{project.path}/export"), 503, "too_many_streams")
    assert problem["retry_after"]
    for _ in taken:
        seats.leave()


def test_a_writer_meanwhile_changes_nothing_in_the_stream(
    api: Api, project: MadeProject, annotator: Person, viewer: Person, tagged: Json
) -> None:
    for format_ in ("ndjson", "label-studio"):
        path, query = f"{project.path}/export", {"format": format_}
        before = api.as_(viewer).get(path, query=query).data
        stream = api.as_(viewer).get(path, query=query, buffered=False)
        chunks = stream.iter_encoded()
        first = next(chunks)
        add_annotation(api.as_(annotator), tagged["other"], "9 people", note=uuid4().hex)
        assert first + b"".join(chunks) == before
        stream.close()
        assert api.as_(viewer).get(path, query=query).data != before
