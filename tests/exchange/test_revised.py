"""What was corrected, out and in: earlier texts, what marks only those, and what is uncertain."""

from typing import Any

import orjson
import pytest

from app.kernel.actor import Role
from app.kernel.db import unit_of_work
from tests.exchange.making import TEXT, add_annotation, add_article, add_link
from tests.factories.projects import MadeProject, add_project
from tests.support.feed import told_with

Json = dict[str, Any]
CORRECTED = "Corrected. Residents said the strike killed 15 people. 😀 Nobody knows."


@pytest.fixture
def boss(api, manager):
    return api.as_(manager)


@pytest.fixture
def revised(api, annotator, boss, project):
    """An article with a sure, an uncertain and an orphaned annotation, all linked."""
    by = api.as_(annotator)
    article = add_article(by, project, external_id="strike")
    sure = add_annotation(by, article, "Residents", kind="claim", attributes={})
    unsure = add_annotation(by, article, "killed 14 people", attributes={"form": "vague"})
    lost = add_annotation(by, article, "Officials", kind="claim", attributes={})
    add_link(by, project, sure, lost)
    add_link(by, project, sure, unsure)
    answer = boss.put(f"/articles/{article['id']}/text", {"text": CORRECTED}, if_match="*")
    told = {name: [one["id"] for one in answer.json[name]] for name in ("uncertain", "orphaned")}
    assert told == {"uncertain": [unsure["id"]], "orphaned": [lost["id"]]}
    return {"article": article["id"], "sure": sure["id"], "lost": lost["id"]}


def another(app, manager) -> MadeProject:
    with unit_of_work(app.database):
        return add_project(manager)


def export(api, project, **query) -> bytes:
    answer = api.get(f"{project.path}/export", query=query)
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def bring_in(api, project, data: bytes, **query) -> Json:
    answer = api.post(
        f"{project.path}/import", data=data, query=query, content_type="application/x-ndjson"
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def lines(data: bytes, kind: str) -> list[Json]:
    return [line for raw in data.splitlines() if (line := orjson.loads(raw))["type"] == kind]


def test_a_corrected_project_goes_out_and_in_and_out_as_the_same_bytes(
    app, boss, manager, project, revised
):
    first = export(boss, project)
    (article,), (earlier,) = lines(first, "article"), lines(first, "revision")
    assert (article["revision"], article["text"]) == (2, CORRECTED)
    assert article["revised"]["by"]["id"] == manager.id
    assert (earlier["number"], earlier["text"]) == (1, TEXT)
    places = [one.get("anchoring", "sure") for one in lines(first, "annotation")]
    assert sorted(places) == ["orphaned", "sure", "uncertain"]
    assert len(lines(first, "link")) == 2
    copy = another(app, manager)
    report = bring_in(boss, copy, first)
    assert (report["failed"], report["created"]["annotations"]) == (0, 3)
    assert export(boss, copy) == first
    again = bring_in(boss, copy, first)
    assert (again["failed"], sum(again["created"].values())) == (0, 0)
    (row,) = boss.get(f"{copy.path}/articles").json["items"]
    told = boss.get(f"/articles/{row['id']}/revisions").json["items"]
    assert [one["number"] for one in told] == [1, 2]
    for q, n in (("corrected", 1), ("officials died", 0)):
        assert len(boss.get(f"{copy.path}/articles", query={"q": q}).json["items"]) == n
    (orphan,) = boss.get(f"{copy.path}/annotations", query={"anchoring": "orphaned"}).json["items"]
    assert (orphan["target"]["exact"], orphan["revision"]) == ("Officials", 1)
    back = boss.put(f"/articles/{row['id']}/text", {"text": TEXT}, if_match="*").json
    assert orphan["id"] in {one["id"] for one in back["kept"]}


def test_an_annotator_brings_in_no_earlier_texts(api, app, boss, manager, annotator, team, revised):
    data = export(boss, team.project)
    theirs = api.as_(annotator)
    document = bring_in(theirs, add_member_to(app, manager, annotator), data, on_error="skip")
    assert document["created"]["annotations"] == 1
    assert {error["code"] for error in document["errors"]} >= {"revision_not_allowed"}


def add_member_to(app, manager, annotator) -> MadeProject:
    with unit_of_work(app.database):
        return add_project(manager, {Role.annotator: annotator})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"revision": 1}, "anchoring_unexpected"),
        ({"revision": 3}, "other_revision"),
        ({"anchoring": "orphaned"}, "anchoring_unexpected"),
        ({"anchoring": "uncertain"}, "anchoring_unexpected"),
        ({"anchoring_score": 0.5}, "anchoring_unexpected"),
    ],
)
def test_a_place_that_cannot_be_is_refused(app, boss, manager, project, revised, change, code):
    data = export(boss, project)
    kept = [raw for raw in data.splitlines() if b'"type":"annotation"' not in raw[:30]]
    (line,) = [one for one in lines(data, "annotation") if "anchoring" not in one]
    wrong = b"\n".join([*kept, orjson.dumps({**line, **change})])
    document = bring_in(boss, another(app, manager), wrong, on_error="skip")
    assert code in {error["code"] for error in document["errors"]}
    assert "annotations" not in document["created"] or document["created"]["annotations"] == 0


def test_an_earlier_text_may_not_be_another_nor_come_later(app, boss, manager, project, revised):
    data = export(boss, project)
    copy = another(app, manager)
    bring_in(boss, copy, data)
    (earlier,) = lines(data, "revision")
    for change, code in (
        ({"text": "Another.", "text_sha256": None}, "text_differs"),
        ({"number": 9}, "other_revision"),
        ({"text_sha256": "0" * 64}, "wrong_hash"),
        ({"text": "a\x7f", "article_id": revised["lost"]}, "unknown_article"),
    ):
        document = bring_in(boss, copy, orjson.dumps({**earlier, **change}), on_error="skip")
        assert [error["code"] for error in document["errors"]] == [code]


def test_other_formats_and_releases_have_the_present_text_alone(boss, project, revised):
    for name in ("csv", "jsonld", "webanno-tsv", "brat"):
        assert revised["lost"].encode() not in export(boss, project, format=name)
    filtered = export(boss, project, anchoring="orphaned")
    assert [one["id"] for one in lines(filtered, "annotation")] == [revised["lost"]]
    made = boss.post(f"{project.path}/releases", {"version": "1.0"})
    assert made.status_code == 201, made.json
    rows = bytes(boss.get(f"/releases/{made.json['id']}/files/ndjson").data)
    assert lines(rows, "revision") == []
    assert revised["lost"] not in rows.decode()
    assert boss.get("/me").json["id"] not in rows.decode()
    assert len(lines(rows, "annotation")) == 2
    assert len(lines(rows, "link")) == 1


def test_what_changed_tells_orphans_as_they_stand(boss, project, revised):
    told_with(boss, project.path, add_article(boss, project)["id"])
    told = bytes(boss.get(f"{project.path}/changes/export").data)
    assert {one["id"] for one in lines(told, "annotation")} >= {revised["lost"], revised["sure"]}
    assert not [one for one in lines(told, "annotation") if one.get("deleted")]
    assert [one["number"] for one in lines(told, "revision")] == [1]


def test_an_import_with_more_text_than_is_kept_at_hand(app, boss, manager, project):
    article = add_article(boss, project)
    path = f"/articles/{article['id']}/text"
    for number in range(3):
        long = f"{TEXT} {str(number) * 600_000}"
        assert boss.put(path, {"text": long}, if_match="*").status_code == 200
        add_annotation(boss, article, str(number) * 40, attributes={"form": "vague"}, **_at(number))
    data = export(boss, project)
    copy = another(app, manager)
    report = bring_in(boss, copy, data)
    assert (report["failed"], report["created"]["annotations"]) == (0, 3)
    assert export(boss, copy) == data


def _at(number: int) -> Json:
    start = len(TEXT) + 1
    return {"target": {"start": start, "end": start + 40, "exact": str(number) * 40}}
