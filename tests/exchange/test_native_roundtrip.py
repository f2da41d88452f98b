"""Out, into an empty project of the same server, out again: the same bytes."""

from typing import Any

import pytest

from app.exchange.formats.ndjson_writing import written
from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.exchange.making import add_annotation, add_article, add_link
from tests.exchange.samples import importable
from tests.factories.accounts import Person, add_person
from tests.factories.projects import MadeProject, add_project
from tests.support.api import Api

Json = dict[str, Any]


@pytest.fixture
def boss(api: Api, manager: Person) -> Api:
    return api.as_(manager)


def another(app: Application, manager: Person) -> MadeProject:
    """One more project, empty."""
    with unit_of_work(app.database):
        return add_project(manager)


def export(api: Api, project: MadeProject, **query: Any) -> bytes:
    answer = api.get(f"{project.path}/export", query=query)
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


def bring_in(api: Api, project: MadeProject, data: bytes, **query: Any) -> Json:
    answer = api.post(
        f"{project.path}/import", data=data, query=query, content_type="application/x-ndjson"
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def the_sample() -> bytes:
    """The lines of the formats' sample: every awkward text and shape there is."""
    return b"".join(written(importable()))


def test_the_sample_goes_out_as_it_came_in_and_again(
    app: Application, boss: Api, manager: Person, project: MadeProject
) -> None:
    report = bring_in(boss, project, the_sample())
    assert report["created"] == {"articles": 6, "annotations": 20, "links": 6, "sources": 3}
    first = export(boss, project)
    copy = another(app, manager)
    assert bring_in(boss, copy, first)["failed"] == 0
    second = export(boss, copy)
    assert first == second
    third = another(app, manager)
    bring_in(boss, third, second)
    assert export(boss, third) == first


def test_what_the_api_made_goes_out_and_in_and_out(
    app: Application, api: Api, boss: Api, manager: Person, annotator: Person, project: MadeProject
) -> None:
    mine = api.as_(annotator)
    one = add_article(mine, project, external_id="one", meta={"n": 1.50, "deep": [{"x": None}]})
    other = add_article(boss, project, source={"publisher": "P", "published_on": "2015-10"})
    said = {
        "kind": "attribution",
        "target": {"exact": "Officials said 9 people died."},
        "attributes": {"sources": [{"name": "Officials"}, {"name": "officials"}]},
        "parts": {"source": [{"exact": "Officials"}], "content": [{"exact": "9 people died"}]},
    }
    claim = {
        "kind": "claim",
        "target": {"fragments": [{"start": 0, "end": 9}, {"start": 14, "end": 20}]},
        "attributes": {"statement": "tab\tand \\ and \u007f and \u0001", "time": {"text": "May"}},
    }
    first = add_annotation(mine, one, **said)
    second = add_annotation(mine, one, **claim)
    machine = {"origin": "machine", "score": 1, "confidence": "low", "tags": ["a", 'b"c']}
    third = add_annotation(boss, other, **machine)
    add_annotation(mine, other, "9 people", origin="machine", score=1e-05)
    add_link(boss, project, first, third, rationale="across \U0001f600", group="g")
    add_link(mine, project, second, first)
    boss.patch(f"/annotations/{first['id']}", {"note": "later"}, if_match="*")
    boss.patch(project.path, {"guidelines": "Tag.", "settings": {"overlap": 3}}, if_match="*")
    out = export(boss, project)
    copy = another(app, manager)
    report = bring_in(boss, copy, out)
    assert report["created"] == {"articles": 2, "annotations": 4, "links": 2, "sources": 1}
    assert export(boss, copy) == out


def test_authors_stay_whoever_imports(
    app: Application, api: Api, boss: Api, manager: Person, annotator: Person, project: MadeProject
) -> None:
    article = add_article(api.as_(annotator), project)
    made = add_annotation(api.as_(annotator), article, state="submitted")
    copy = another(app, manager)
    bring_in(boss, copy, export(boss, project))
    found = boss.get(f"{copy.path}/annotations").json["items"][0]
    assert found["author"] == made["author"]
    assert found["created_at"] == made["created_at"]
    assert found["id"] != made["id"]
    versions = boss.get(f"/annotations/{found['id']}/history").json["items"]
    assert [(v["action"], v["by"]["id"]) for v in versions] == [("imported", manager.id)]
    assert versions[0]["after"]["target"]["exact"] == "14 people"


def test_an_unknown_author_is_made_and_cannot_sign_in(
    app: Application, boss: Api, admin: Person, api: Api, manager: Person, project: MadeProject
) -> None:
    article = add_article(boss, project)
    add_annotation(boss, article)
    stranger = "01900000-0000-7000-8000-0000000fff01"
    out = export(boss, project).replace(manager.id.encode(), stranger.encode())
    out = out.replace(manager.name.encode(), b"A Stranger")
    copy = another(app, manager)
    bring_in(boss, copy, out)
    assert export(boss, copy) == out
    query = {"email": f"{stranger}@imported.invalid"}
    (made,) = api.as_(admin).get("/users", query=query).json["items"]
    assert made["disabled"]
    assert made["name"] == "A Stranger"


def test_importing_again_changes_nothing(
    app: Application, boss: Api, manager: Person, project: MadeProject
) -> None:
    data = the_sample()
    bring_in(boss, project, data)
    out = export(boss, project)
    report = bring_in(boss, project, data)
    assert report["created"] == {"articles": 0, "annotations": 0, "links": 0, "sources": 0}
    assert report["unchanged"] == 35
    assert export(boss, project) == out
    # And so does an export that comes back to where it was made.
    assert bring_in(boss, project, out)["unchanged"] == 35
    assert export(boss, project) == out


def test_an_export_comes_back_to_the_project_where_it_was_made(
    boss: Api, project: MadeProject
) -> None:
    article = add_article(boss, project)
    one, other = add_annotation(boss, article), add_annotation(boss, article, "9 people")
    add_link(boss, project, one, other)
    out = export(boss, project)
    report = bring_in(boss, project, out)
    assert (report["unchanged"], report["failed"]) == (4, 0)
    assert export(boss, project) == out


def test_what_was_deleted_comes_back_under_its_id(boss: Api, project: MadeProject) -> None:
    article = add_article(boss, project)
    one = add_annotation(boss, article)
    out = export(boss, project)
    assert boss.delete(f"/annotations/{one['id']}", if_match="*").status_code == 204
    assert bring_in(boss, project, out)["created"]["annotations"] == 1
    assert export(boss, project) == out


def test_an_annotators_import_is_their_own_work(
    app: Application, api: Api, boss: Api, annotator: Person, manager: Person, project: MadeProject
) -> None:
    article = add_article(boss, project)
    add_annotation(boss, article, state="submitted")
    copy = another(app, manager)
    with unit_of_work(app.database):
        helper = add_person(app, "Helper")
    boss.put(f"{copy.path}/members/{helper.id}", {"role": "annotator"})
    bring_in(api.as_(helper), copy, export(boss, project))
    found = boss.get(f"{copy.path}/annotations").json["items"][0]
    assert found["author"]["id"] == helper.id
    assert (found["state"], found["version"]) == ("submitted", 1)
    assert found["created_at"] > article["created_at"]
    assert boss.get(copy.path).json["name"] == "A project"


def test_a_source_of_many_names_comes_back_in(
    app: Application, boss: Api, manager: Person, project: MadeProject
) -> None:
    names = [f"Speaker {number}" for number in range(150)]
    made = boss.post(f"{project.path}/sources", {"name": "The speaker", "aliases": names})
    assert made.status_code == 201, made.text
    out = export(boss, project)
    copy = another(app, manager)
    assert bring_in(boss, copy, out)["created"]["sources"] == 1
    assert export(boss, copy) == out
