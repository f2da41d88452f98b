"""Sources: one identity behind many names, and who said what."""

import pytest
from sqlalchemy import select

from app.history.models import Change
from app.kernel.db import reading
from tests.factories.writing import new_article
from tests.support.problems import assert_problem
from tests.support.together import at_once


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def say(annotator, team):
    """Lets a source say something in an article of its own; the attribution's id."""

    def say(name, **more):
        article = new_article(annotator, team.project.slug)
        body = {
            "kind": "attribution",
            "target": {"start": 0, "end": 10},
            "attributes": {"sources": [{"name": name, **more}]},
        }
        answer = annotator.post(f"/articles/{article}/annotations", body)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    return say


def sources(api, team):
    found = api.get(f"/projects/{team.project.slug}/sources").json["items"]
    return {row["name"]: row for row in found}


def statements(api, source):
    return {row["id"] for row in api.get(f"/sources/{source['id']}/statements").json["items"]}


def test_naming_makes_a_source_and_spellings_of_one_name_meet(annotator, team, say):
    said = {say("FSB", type="government"), say("  fsb "), say("ＦＳＢ")}
    (fsb,) = sources(annotator, team).values()
    assert (fsb["name"], fsb["type"], fsb["aliases"]) == ("FSB", "government", [])
    assert statements(annotator, fsb) == said


def test_an_alias_resolves_to_its_source(annotator, team, say):
    body = {"name": "FSB", "aliases": ["Federal Security Service"]}
    made = annotator.post(f"/projects/{team.project.slug}/sources", body)
    assert made.status_code == 201
    said = say("federal security service")
    assert statements(annotator, made.json) == {said}
    assert list(sources(annotator, team)) == ["FSB"]
    taken = annotator.post(f"/projects/{team.project.slug}/sources", {"name": "fsb"})
    assert assert_problem(taken, 409, "name_taken")["id"] == made.json["id"]


def test_merging_moves_all_names_and_statements(api, annotator, team, database, say):
    said = {say("FSB"), say("Federal Security Service")}
    known = sources(annotator, team)
    path = f"/sources/{known['FSB']['id']}/merge"
    into = known["Federal Security Service"]
    assert_problem(annotator.post(path, {"into": into["id"]}), 403)
    reviewer = api.as_(team.reviewer)
    merged = reviewer.post(path, {"into": into["id"]})
    assert merged.json["aliases"] == ["FSB"]
    with reading(database) as session:
        change = select(Change).where(Change.thing_id == into["id"], Change.action == "edited")
        told = session.scalars(change).one()
    assert (told.before, told.after) == ({"aliases": []}, {"aliases": ["FSB"]})
    assert statements(annotator, into) == said
    assert_problem(annotator.get(f"/sources/{known['FSB']['id']}"), 404)
    say("FSB")
    assert list(sources(annotator, team)) == ["Federal Security Service"]
    assert_problem(reviewer.post(f"/sources/{into['id']}/merge", {"into": into["id"]}), 422)


def test_a_source_is_renamed_and_keeps_the_names_that_are_used(annotator, team, say):
    said = say("FSB")
    (fsb,) = sources(annotator, team).values()
    path = f"/sources/{fsb['id']}"
    in_use = annotator.patch(path, {"name": "Security Service"}, if_match="*")
    assert_problem(in_use, 409, "alias_in_use")
    body = {"name": "Security Service", "aliases": ["FSB", "FSS"]}
    renamed = annotator.patch(path, body, if_match=annotator.get(path))
    assert renamed.json["aliases"] == ["FSB", "FSS"]
    assert statements(annotator, fsb) == {said}
    assert annotator.patch(path, {"aliases": ["FSB"]}, if_match=renamed).json["aliases"] == ["FSB"]
    assert_problem(annotator.patch(path, {"name": "x"}), 428)


def test_a_name_can_be_spelled_otherwise(annotator, team):
    body = {"name": "F.S.B.", "aliases": ["Security  service", "Élan", "zone"]}
    made = annotator.post(f"/projects/{team.project.slug}/sources", body).json
    path = f"/sources/{made['id']}"
    body = {"aliases": ["Security Service", "Élan", "zone"]}
    spelled = annotator.patch(path, body, if_match="*").json
    assert spelled["aliases"] == ["Security Service", "zone", "Élan"]
    assert spelled["version"] == 2
    assert annotator.patch(path, body, if_match="*").json["version"] == 2
    annotator.patch(path, {"name": "f.s.b."}, if_match="*")
    renamed = {"name": "Federal Security Service", "aliases": ["f.s.b."]}
    assert annotator.patch(path, renamed, if_match="*").json["aliases"] == ["f.s.b."]


def test_a_source_with_the_names_of_many_can_still_be_changed(api, annotator, team):
    reviewer, path = api.as_(team.reviewer), f"/projects/{team.project.slug}/sources"
    one, other = (
        annotator.post(path, {"name": name, "aliases": [f"{name} {n}" for n in range(600)]}).json
        for name in ("one", "other")
    )
    merged = reviewer.post(f"/sources/{one['id']}/merge", {"into": other["id"]})
    assert len(merged.json["aliases"]) == 1201
    changed = reviewer.patch(f"/sources/{other['id']}", {"type": "group"}, if_match=merged)
    assert changed.json["type"] == "group"
    many = {"aliases": merged.json["aliases"]}
    refused = reviewer.patch(f"/sources/{other['id']}", many, if_match=changed)
    assert_problem(refused, 422, "length")


def test_two_who_name_one_source_at_the_same_moment_make_one(annotator, team, say):
    at_once(*(lambda: say("Harbour master") for _ in range(4)))
    (master,) = sources(annotator, team).values()
    assert len(statements(annotator, master)) == 4


def test_renaming_in_an_attribution_moves_what_was_said(annotator, team, say):
    said = say("FSB")
    body = {"attributes": {"sources": [{"name": "Army"}]}}
    annotator.patch(f"/annotations/{said}", body, if_match="*")
    known = sources(annotator, team)
    assert statements(annotator, known["FSB"]) == set()
    assert statements(annotator, known["Army"]) == {said}
