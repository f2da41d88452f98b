"""One thing behind two doors: what goes in by one comes out of the other, and back unchanged."""

import json
from typing import Any

import pytest

from tests.factories.projects import MadeProject
from tests.factories.teams import Team
from tests.factories.writing import new_article, new_claim, new_link
from tests.support.api import Api
from tests.support.problems import assert_problem
from tests.webannotation.making import (
    ANNO,
    TEXT,
    Container,
    Json,
    classifying,
    last,
    linked,
    position,
    quote,
    target,
    text,
    told,
)

BODIES: dict[str, Json] = {
    "claim": {
        "kind": "claim",
        "target": {"exact": "Forty boats 🚤🚤 sank"},
        "attributes": {
            "statement": "Forty boats sank.",
            "time": {"value": "2015-10-13/2015-11-13", "precision": "interval", "text": "lately"},
        },
        "tags": ["sea", "claim"],
        "note": "One\ntwo 🚤",
        "confidence": "high",
        "external_id": "c-1",
    },
    "figure": {
        "kind": "figure",
        "target": {"fragments": [{"start": 2, "end": 7}, {"start": 14, "end": 16}]},
        "attributes": {"value": "40", "value_max": "45.50", "comparator": "between", "unit": "t"},
        "origin": "machine",
        "score": 0.25,
        "state": "submitted",
    },
    "attribution": {
        "kind": "attribution",
        "target": {"exact": "Nobody was hurt, said the mayor"},
        "parts": {"source": [{"exact": "the mayor"}], "content": [{"start": 32, "end": 47}],
                  "cue": [{"exact": "said the"}]},
        "attributes": {"sources": [{"name": "The mayor", "type": "person"}, {"name": "X"}],
                       "said_on": {"value": "2015-10", "precision": "month"}},
    },
}  # fmt: skip
STAMPS = ("id", "created_at", "updated_at", "version", "author")


def said(annotation: Json) -> Json:
    """What an annotation says, without who made it when."""
    return {name: value for name, value in annotation.items() if name not in STAMPS}


def rest(me: Api, body: Json, article: str) -> Json:
    answer = me.post(f"/articles/{article}/annotations", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


@pytest.mark.parametrize("kind", BODIES)
def test_what_is_read_here_can_be_written_again_and_is_the_same(
    here: Container, me: Api, article: str, kind: str
) -> None:
    made = rest(me, BODIES[kind], article)
    served = here.get(made["id"]).json
    assert me.delete(f"/annotations/{made['id']}", if_match="*").status_code == 204
    again = here.made(served)
    read = me.get(f"/annotations/{last(again)}").json
    assert said(read) == said(made)
    assert again["via"] == served["id"]


@pytest.mark.parametrize("kind", BODIES)
def test_putting_back_what_was_read_changes_nothing(
    here: Container, me: Api, article: str, kind: str
) -> None:
    made = rest(me, BODIES[kind], article)
    served = here.get(made["id"])
    answer = here.put(made["id"], served.json, if_match=served)
    assert answer.status_code == 200, answer.text
    read = me.get(f"/annotations/{made['id']}").json
    assert said(read) == said(made)
    assert (read["version"], answer.headers["ETag"]) == (1, served.headers["ETag"])


def test_links_go_round_as_well(here: Container, me: Api, team: Team, article: str) -> None:
    one, other = new_claim(me, article, "Forty boats"), new_claim(me, article, "sank")
    more = {"basis": "numeric", "independence": "same_origin", "rationale": "As one sees.",
            "confidence": "low", "group": "g", "external_id": "l-1",
            "state": "submitted"}  # fmt: skip
    made = new_link(me, team.project.id, one["id"], other["id"], **more)
    served = here.get(made["id"]).json
    same = here.put(made["id"], served)
    assert same.status_code == 200, same.text
    assert said(me.get(f"/links/{made['id']}").json) == said(made)
    assert me.delete(f"/links/{made['id']}", if_match="*").status_code == 204
    again = here.made(served)
    assert said(me.get(f"/links/{last(again)}").json) == said(made)


def test_a_link_of_another_client(here: Container, me: Api, source: str) -> None:
    one, other = here.made(told(source))["id"], here.made(told(source))["id"]
    made = here.made(linked(one, other, bodyValue=None))
    link = me.get(f"/links/{last(made)}").json
    ends = (link["from"], link["to"], link["relation"])
    assert ends == (last(one), last(other), "contradicts")
    assert here.api.get(f"/annotations/{last(one)}/links").json["items"][0]["id"] == link["id"]
    noted = linked(one, other, target={"id": other, "type": "Annotation"})
    noted["body"] += [text("Because.", "commenting")]
    assert_problem(here.post(noted), 409, "already_linked")
    answer = here.put(last(made), noted)
    assert answer.status_code == 200, answer.text
    assert me.get(f"/links/{last(made)}").json["rationale"] == "Because."


def test_what_another_client_makes_is_the_same_as_made_by_the_api(
    here: Container, me: Api, source: str, article: str
) -> None:
    made = here.made(
        {
            "@context": [ANNO, "https://other.example/context.jsonld"],
            "id": "https://other.example/anno/7",
            "type": ["Annotation"],
            "motivation": ["tagging", "highlighting"],
            "creator": {"id": "acct:someone@other.example", "type": "Person"},
            "created": "2015-01-01T00:00:00Z",
            "generator": {"id": "https://other.example", "type": "Software"},
            "body": [
                {"type": "TextualBody", "value": "claim"},
                text("loss", "tagging"),
                {"type": ["TextualBody"], "value": ["A note."], "purpose": "describing",
                 "language": "en"},
            ],
            "target": [target(source, quote("Forty", prefix="⚓ "), position(2, 7),
                       {"type": "RangeSelector", "startSelector": {}})],
        }
    )  # fmt: skip
    body = {"kind": "claim", "target": {"exact": "Forty"}, "tags": ["loss"], "note": "A note."}
    by_api = said(rest(me, body, article))
    name = "https://other.example/anno/7"
    read = me.get(f"/annotations/{last(made)}").json
    assert said(read) == {**by_api, "external_id": name}
    assert (made["via"], read["author"]["name"]) == (name, "Annotator")


def test_what_was_posted_is_known_to_an_import(
    here: Container, me: Api, team: Team, article: str, source: str
) -> None:
    foreign = told(source, id="https://other.example/anno/8",
                   target=target(source, position(2, 7)))  # fmt: skip
    here.made(foreign)
    ours = here.get().json["first"]
    for data in ([foreign], ours):
        answer = me.post(
            f"/projects/{team.project.id}/import",
            query={"format": "jsonld"},
            data=json.dumps(data).encode(),
            content_type="application/ld+json",
        )
        assert answer.status_code == 200, answer.text
    assert here.get().json["total"] == 1


def test_what_was_imported_is_found_under_both_its_ids(
    here: Container, me: Api, team: Team, article: str, api: Api
) -> None:
    made = rest(me, BODIES["attribution"], article)
    native = me.get(f"/projects/{team.project.id}/export", query={"format": "ndjson"}).data
    manager = api.as_(team.manager)
    copy = manager.post("/projects", {"slug": f"copy-{team.project.slug}", "name": "Copy"}).json
    answer = manager.post(
        f"/projects/{copy['id']}/import", data=native, content_type="application/x-ndjson"
    )
    assert answer.status_code == 200, answer.text
    there = Container(manager, copy["id"])
    item = there.get().json["first"]["items"][0]
    assert last(item) != made["id"]
    assert there.get(made["id"]).json == there.get(last(item)).json == item
    assert there.follow(item["target"]["source"])
    assert there.put(made["id"], item).status_code == 200
    assert there.api.delete(there.path + made["id"], if_match="*").status_code == 204


def test_a_project_answers_to_its_slug_with_the_same_iris(
    here: Container, me: Api, source: str, project: MadeProject
) -> None:
    made = here.made(told(source))
    by_slug = Container(me, project.slug)
    assert by_slug.get().json == here.get().json
    assert by_slug.get().headers["Content-Location"] == here.get().json["id"]
    assert by_slug.get(last(made)).json == made


def test_things_of_another_project_are_not_here(
    here: Container, me: Api, source: str, api: Api, team: Team
) -> None:
    made = here.made(told(source))
    manager = api.as_(team.manager)
    other = manager.post("/projects", {"slug": f"x-{team.project.slug}", "name": "X"}).json
    there = Container(manager, other["id"])
    assert_problem(there.get(last(made)), 404)
    assert_problem(there.put(last(made), made), 404)
    assert_problem(there.api.delete(there.path + last(made), if_match="*"), 404)
    assert_problem(there.post(told(source)), 422, "unknown_source")
    assert me.delete(f"/annotations/{last(made)}", if_match="*").status_code == 204
    assert_problem(there.get(last(made)), 404)


@pytest.mark.parametrize("name", ["iri", "revision", "elsewhere", "external", "url", "object"])
def test_an_article_goes_by_several_names(here: Container, me: Api, team: Team, name: str) -> None:
    url, external = "https://news.example/boats?x=1#top", "urn:x:boats"
    ident = new_article(me, team.project.id, TEXT, external_id=external, source={"url": url})
    iri = f"http://localhost/api/v1/articles/{ident}"
    names: dict[str, Any] = {
        "iri": iri,
        "revision": f"{iri}/revisions/1",
        "elsewhere": f"https://other.example/articles/{ident.upper()}",
        "external": external,
        "url": url,
        "object": {"id": url, "type": "Text"},
    }
    made = here.made(told(names[name], target=target(names[name], quote("Forty boats"))))
    assert made["target"]["source"] == f"{iri}/revisions/1"


def test_two_articles_of_one_url_must_be_told_apart(here: Container, me: Api, team: Team) -> None:
    url = "https://news.example/twice"
    ids = [new_article(me, team.project.id, TEXT, source={"url": url}) for _ in range(2)]
    refused = assert_problem(here.post(told(url)), 422, "ambiguous_source")
    assert refused["errors"][0]["pointer"] == "/target/source"
    assert refused["candidates"] == [f"/api/v1/articles/{ident}" for ident in ids]


def test_offsets_over_a_text_that_does_not_stand_are_refused(here: Container, source: str) -> None:
    other = f"{source}/revisions/2"
    counted = told(other, target=target(other, position(2, 7)))
    assert assert_problem(here.post(counted), 409, "other_revision")["revision"] == 1
    quoted = here.made(told(other))  # a quote is found in the text that stands
    assert quoted["target"]["source"] == f"{source}/revisions/1"
    assert_problem(here.put(last(quoted), counted), 409, "other_revision")
    assert here.put(last(quoted), told(other)).status_code == 200


def _new_text(api: Api, team: Team, article: str, text: str) -> None:
    manager = api.as_(team.manager)
    path = f"/articles/{article}"
    answer = manager.put(f"{path}/text", {"text": text}, if_match=manager.get(path))
    assert answer.status_code == 200, answer.text


def _data(annotation: Json) -> Json:
    return next(body for body in annotation["body"] if "ft:state" in body)


def test_annotations_follow_a_new_text_here_too(
    here: Container, api: Api, team: Team, article: str, source: str
) -> None:
    made = here.made(told(source))
    _new_text(api, team, article, f"New: {TEXT}")
    now = here.get(last(made)).json
    assert now["target"]["source"] == f"{source}/revisions/2"
    assert now["target"]["selector"][0]["start"] == made["target"]["selector"][0]["start"] + 5
    assert assert_problem(here.put(last(made), made), 409, "other_revision")["revision"] == 2
    assert here.put(last(made), now).status_code == 200


def test_what_lost_its_place_can_be_edited_there_or_placed_anew(
    here: Container, api: Api, team: Team, article: str, source: str
) -> None:
    made = here.made(told(source))
    _new_text(api, team, article, "Quite another story, in other words.")
    lost = here.get(last(made)).json
    assert _data(lost)["ft:anchoring"] == "orphaned"
    assert lost["target"] == made["target"]
    noted = {**lost, "body": [*lost["body"], text("Gone?", "commenting")]}
    edited = here.put(last(made), noted).json
    assert edited["target"] == made["target"]
    assert _data(edited)["ft:anchoring"] == "orphaned"
    elsewhere = {**edited, "target": target(made["target"]["source"], position(2, 7))}
    assert assert_problem(here.put(last(made), elsewhere), 409, "other_revision")["revision"] == 2
    anew = {**edited, "target": target(source, quote("another story"))}
    placed = here.put(last(made), anew).json
    assert placed["target"]["source"] == f"{source}/revisions/2"
    assert "ft:anchoring" not in _data(placed)
    wrong = {**placed, "target": target(f"{source}/revisions/7", position(0, 5))}
    assert_problem(here.put(last(made), wrong), 409, "other_revision")


def test_putting_back_what_is_uncertain_makes_it_no_surer(
    here: Container, me: Api, api: Api, team: Team, article: str, source: str
) -> None:
    ident = last(here.made(told(source, target=target(source, quote("Nobody was hurt, said")))))
    _new_text(api, team, article, TEXT.replace("hurt, said", "wounded, said"))
    now = here.get(ident).json
    assert _data(now)["ft:anchoring"] == "uncertain"
    assert _data(here.put(ident, now).json)["ft:anchoring"] == "uncertain"
    moved = {**now, "target": target(source, quote("Nobody was wounded"))}
    assert "ft:anchoring" not in _data(here.put(ident, moved).json)


def test_the_kind_is_said_by_a_classifying_body_of_any_installation(
    here: Container, source: str, me: Api
) -> None:
    made = here.made(told(source, body=[classifying("Claim"), text("claim", "tagging")]))
    assert [body["source"].rpartition("#")[2] for body in made["body"] if "source" in body] == [
        "Claim"
    ]
