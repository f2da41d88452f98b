"""The export of what changed since a cursor: final states, tombstones, and the way on."""

import time
from typing import Any

import orjson
import pytest

from app.kernel.db import unit_of_work
from tests.exchange.making import (
    add_annotation,
    add_article,
    add_link,
    change,
    remove,
    unveil,
)
from tests.factories.projects import add_project
from tests.support.problems import assert_problem

Json = dict[str, Any]


@pytest.fixture
def by(api, team):
    """The API as the annotator."""
    return api.as_(team.annotator)


def since(api, project, after: str | None = None) -> list[Json]:
    """The lines after the cursor."""
    query = {"after": after} if after else {}
    answer = api.get(f"{project.path}/changes/export", query=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.content_type == "application/x-ndjson"
    lines = [orjson.loads(line) for line in answer.data.splitlines()]
    assert lines[-1]["type"] == "cursor"
    assert f"after={lines[-1]['next']}>" in answer.headers["Link"]
    return lines


def cursor(api, project, last: Json) -> str:
    """Where the feed stands once this was told in it."""
    ends, after = time.monotonic() + 10, None
    while time.monotonic() < ends:
        query = {"limit": 500, **({"after": after} if after else {})}
        page = api.get(f"{project.path}/changes", query=query).json
        if last["id"] in [item["id"] for item in page["items"]]:
            return str(page["next"])
    raise AssertionError("it was never told")


def settled(api, project, last: Json, after: str | None = None) -> list[Json]:
    """The lines after the cursor, once this was told."""
    cursor(api, project, last)
    return since(api, project, after)


def kinds(lines: list[Json]) -> list[tuple[str, bool]]:
    return [(line["type"], line.get("deleted", False)) for line in lines]


def native(api, project) -> dict[str, Json]:
    """The lines of a whole export, by their ids."""
    data = api.get(f"{project.path}/export").data
    return {line["id"]: line for line in map(orjson.loads, data.splitlines()) if "id" in line}


def test_everything_that_changed_comes_once_as_it_stands(by, project):
    after = cursor(by, project, add_article(by, project))
    article = add_article(by, project)
    first, second = add_annotation(by, article), add_annotation(by, article, "9 people")
    link = add_link(by, project, first, second)
    for note in ("One.", "Two.", "Three."):
        change(by, f"/annotations/{first['id']}", {"note": note})
    mark = add_article(by, project)

    lines = settled(by, project, mark, after)
    assert kinds(lines) == [
        ("article", False),
        ("article", False),
        ("annotation", False),
        ("annotation", False),
        ("link", False),
        ("cursor", False),
    ]
    whole = native(by, project)
    assert lines[:-1] == [whole[line["id"]] for line in lines[:-1]]  # the very same lines
    assert [line["id"] for line in lines[2:5]] == [first["id"], second["id"], link["id"]]
    assert lines[2]["note"] == "Three."


def test_what_is_gone_comes_as_tombstones_links_first(by, project):
    article = add_article(by, project)
    first, second = add_annotation(by, article), add_annotation(by, article, "9 people")
    link = add_link(by, project, first, second)
    after = cursor(by, project, add_article(by, project))
    other = add_article(by, project)
    brief = add_annotation(by, other)
    remove(by, f"/annotations/{brief['id']}")
    remove(by, f"/annotations/{second['id']}")
    mark = add_article(by, project)

    *_, last = lines = settled(by, project, mark, after)
    gone = [line for line in lines if line.get("deleted")]
    assert gone == [
        {"type": "link", "id": link["id"], "deleted": True},
        {"type": "annotation", "id": brief["id"], "deleted": True},
        {"type": "annotation", "id": second["id"], "deleted": True},
    ]
    assert kinds(since(by, project, last["next"])) == [("cursor", False)]


def test_a_deleted_article_takes_its_annotations_along(api, by, project, manager):
    article = add_article(by, project)
    annotation = add_annotation(by, article)
    after = cursor(by, project, annotation)
    remove(api.as_(manager), f"/articles/{article['id']}")
    lines = settled(by, project, add_article(by, project), after)
    gone = [(line["type"], line["id"]) for line in lines if line.get("deleted")]
    assert gone == [("annotation", annotation["id"]), ("article", article["id"])]


def test_sources_and_the_project_come_too(api, by, project, manager):
    chief = api.as_(manager)
    made = [
        chief.post(f"{project.path}/sources", {"name": name}).json for name in ("Reuters", "RTR")
    ]
    after = cursor(by, project, made[1])
    chief.post(f"/sources/{made[1]['id']}/merge", {"into": made[0]["id"]}, if_match="*")
    change(chief, project.path, {"guidelines": "Tag what is said."})
    lines = settled(by, project, add_article(by, project), after)
    assert lines[0]["type"] == "project"
    assert lines[0]["guidelines"] == "Tag what is said."
    assert (lines[1]["type"], lines[1]["aliases"]) == ("source", ["RTR"])
    assert {"type": "source", "id": made[1]["id"], "deleted": True} in lines


def test_going_on_from_cursor_to_cursor_keeps_a_mirror_equal(by, project):
    mirror: dict[str, Json] = {}
    after, article = None, add_article(by, project)
    marks = [add_annotation(by, article), add_annotation(by, article, "9 people")]
    for step in range(4):
        made = add_annotation(by, article, "Nobody", note=str(step), kind="claim", attributes={})
        change(by, f"/annotations/{marks[0]['id']}", {"note": f"Step {step}."})
        if step == 2:
            remove(by, f"/annotations/{marks[1]['id']}")
        last = add_article(by, project, title=f"Step {step}")
        for line in settled(by, project, last, after):
            if line.get("deleted"):
                mirror.pop(line["id"], None)
            elif line["type"] == "cursor":
                after = line["next"]
            elif line["type"] != "project":
                mirror[line["id"]] = line
        assert mirror == native(by, project)
        assert made["id"] in mirror


def test_text_with_line_ends_of_all_kinds_stays_on_one_line(by, project):
    text = "One\u2028two\u2029three\x85four\r\nfive\x0bsix 😀"
    article = add_article(by, project, text=text, meta={"x": "\u2028"})
    lines = settled(by, project, article)
    assert lines[-2]["text"] == text
    assert lines[-2]["meta"] == {"x": "\u2028"}


def test_statements_do_not_grow_with_what_changed(by, project, statements):
    article = add_article(by, project)
    counts = []
    for _ in range(2):
        for _ in range(3):
            made = add_annotation(by, article)
        after = cursor(by, project, made)
        assert after
        with statements() as seen:
            since(by, project)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_while_blind_only_what_may_be_seen_comes(app, api, by, project, team):
    change(api.as_(team.manager), project.path, {"settings": {"blind": True}})
    theirs = api.as_(team.reviewer)
    article = add_article(theirs, project)
    own, hidden = add_annotation(by, article), add_annotation(theirs, article, "9 people")
    brief = add_annotation(theirs, article)
    remove(theirs, f"/annotations/{brief['id']}")
    lines = settled(by, project, own)
    assert [line["id"] for line in lines if line["type"] == "annotation"] == [own["id"]]
    with unit_of_work(app.database):
        unveil(team.annotator, article)
    lines = settled(by, project, own)
    found = {line["id"]: line.get("deleted", False) for line in lines if "id" in line}
    assert found[hidden["id"]] is False
    assert found[brief["id"]] is True


def test_while_blind_sources_are_those_of_the_list(api, by, project, team):
    theirs = api.as_(team.reviewer)
    article = add_article(theirs, project)
    said = {"kind": "attribution", "attributes": {"sources": [{"name": "Hidden"}]}}
    add_annotation(theirs, article, **said)
    for name in ("Standing", "Gone"):
        assert theirs.post(f"{project.path}/sources", {"name": name}).status_code == 201
    into = {one["name"]: one["id"] for one in theirs.get(f"{project.path}/sources").json["items"]}
    merged = theirs.post(f"/sources/{into['Gone']}/merge", {"into": into["Standing"]}, if_match="*")
    assert merged.status_code == 200
    change(api.as_(team.manager), project.path, {"settings": {"blind": True}})
    listed = by.get(f"{project.path}/sources").json["items"]
    assert [one["name"] for one in listed] == ["Standing"]
    exported = [line["name"] for line in native(by, project).values() if line["type"] == "source"]
    assert exported == ["Standing"]
    lines = settled(by, project, add_article(theirs, project))
    told = {line["id"]: line.get("deleted", False) for line in lines if line["type"] == "source"}
    assert told == {into["Standing"]: False, into["Gone"]: True}


def test_what_was_imported_is_gone_under_the_id_it_went_out_under(app, api, by, project, manager):
    article = add_article(by, project)
    add_annotation(by, article)
    with unit_of_work(app.database):
        mirror = add_project(manager)
    chief = api.as_(manager)
    data = chief.get(f"{project.path}/export").data
    brought = chief.call(
        "POST", f"{mirror.path}/import", data=data, content_type="application/x-ndjson"
    )
    assert brought.status_code == 200, brought.get_data(as_text=True)
    known = native(chief, mirror)
    assert known.keys() == native(chief, project).keys()
    own = chief.get(f"{mirror.path}/articles").json["items"][0]["id"]
    assert own != article["id"]
    remove(chief, f"/articles/{own}")
    lines = settled(chief, mirror, add_article(chief, mirror))
    assert {line["id"] for line in lines if line.get("deleted")} == known.keys()


def test_seats_bound_how_many_carry(make_app, api, team, project):
    full = type(api)(make_app(export_streams=1), team.annotator.token)
    path = f"{project.path}/changes/export"
    open_one = full.get(path, buffered=False)
    assert_problem(full.get(path), 503, "too_many_streams")
    open_one.close()
    assert full.get(path).status_code == 200


def test_a_cursor_of_another_list_is_refused(by, project):
    answer = by.get(f"{project.path}/changes/export", query={"after": "x"})
    assert_problem(answer, 400, "bad_cursor")


def test_nobody_keeps_a_connection_when_the_reader_hangs_up(app, by, project):
    add_article(by, project)
    for _ in range(3):
        by.get(f"{project.path}/changes/export", buffered=False).close()
    assert app.database.reader.pool.checkedout() == 0
