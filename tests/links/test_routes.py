"""Links: symmetric, once a pair and author, within and across articles."""

import pytest

from tests.factories.writing import new_article, new_claim, new_link
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def ends(annotator, team):
    """A claim each in two articles."""
    slug = team.project.slug
    return [new_claim(annotator, new_article(annotator, slug)) for _ in range(2)]


def body_of(ends, **more):
    return {"from": ends[0]["id"], "to": ends[1]["id"], "relation": "contradicts", **more}


def test_a_link_comes_back_whole(annotator, team, ends):
    more = {
        "basis": "numeric",
        "independence": "independent",
        "rationale": "They differ.",
        "confidence": "high",
        "group": "g",
        "external_id": "l-1",
    }
    answer = annotator.post(f"/projects/{team.project.slug}/links", body_of(ends, **more))
    assert answer.status_code == 201
    made = answer.json
    assert {name: made[name] for name in more} == more
    assert made["cross_article"] is True
    assert made["ends"]["to"] == {
        "article_id": ends[1]["article_id"],
        "kind": "claim",
        "exact": "Nobody was hurt",
    }
    assert annotator.get(f"/links/{made['id']}").json == made
    for end in ends:
        found = annotator.get(f"/annotations/{end['id']}/links").json["items"]
        assert [row["id"] for row in found] == [made["id"]]
        counts = annotator.get(f"/annotations/{end['id']}").json["links"]
        assert counts == {"corroborates": 0, "contradicts": 1}


def test_a_pair_is_linked_once_an_author_in_either_direction(api, team, annotator, ends):
    path = f"/projects/{team.project.slug}/links"
    made = annotator.post(path, body_of(ends)).json
    for again in (body_of(ends), body_of(ends[::-1]), body_of(ends, relation="corroborates")):
        document = assert_problem(annotator.post(path, again), 409, "already_linked")
        assert document["link"] == made["id"]
    assert api.as_(team.reviewer).post(path, body_of(ends)).status_code == 201


def test_the_same_link_from_two_callers_at_the_same_moment_stands_once(annotator, team, ends):
    path = f"/projects/{team.project.slug}/links"
    answers = at_once(
        *(lambda pair=pair: annotator.post(path, body_of(pair)) for pair in (ends, ends[::-1]) * 3)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(annotator.get(path).json["items"]) == 1


def test_ends_must_be_two_annotations_of_the_project(api, team, annotator, ends):
    path = f"/projects/{team.project.slug}/links"
    same = [ends[0], ends[0]]
    assert_problem(annotator.post(path, body_of(same)), 422, "self_link")
    slug = f"other-{team.project.slug}"
    annotator.post("/projects", {"slug": slug, "name": "Other"})
    elsewhere = new_claim(annotator, new_article(annotator, slug))
    document = assert_problem(annotator.post(path, body_of([ends[0], elsewhere])), 422)
    assert pointers(document) == {"/to": "not_in_project"}
    ghost = {"id": "01a20a82-a638-7c17-8c1e-4734bcdf9532"}
    assert_problem(annotator.post(path, body_of([ghost, ends[0]])), 422)
    assert_problem(annotator.post(path, body_of([{"id": "x"}, ends[0]])), 422)


def test_an_external_id_that_is_taken_names_the_link_that_has_it(team, annotator, ends):
    slug = team.project.slug
    first = new_link(annotator, slug, ends[0]["id"], ends[1]["id"], external_id="l-1")
    near = new_claim(annotator, ends[0]["article_id"], "Forty boats")
    body = {**body_of([near, ends[0]]), "external_id": "l-1"}
    path = f"/projects/{slug}/links"
    assert assert_problem(annotator.post(path, body), 409, "external_id_taken")["id"] == first["id"]
    second = annotator.post(path, {**body, "external_id": "l-2"}).json
    change = annotator.patch(f"/links/{second['id']}", {"external_id": "l-1"}, if_match="*")
    assert assert_problem(change, 409, "external_id_taken")["id"] == first["id"]
    assert annotator.get(f"/links/{second['id']}").json == second


def test_nested_spans_of_one_article_may_be_linked(annotator, team):
    article = new_article(annotator, team.project.slug)
    outer = new_claim(annotator, article, "Forty boats sank")
    inner = new_claim(annotator, article, "Forty boats")
    made = new_link(annotator, team.project.slug, outer["id"], inner["id"])
    assert made["cross_article"] is False


def test_a_link_is_changed_and_removed_with_its_version(api, team, annotator, ends):
    made = new_link(annotator, team.project.slug, ends[0]["id"], ends[1]["id"], basis="numeric")
    path = f"/links/{made['id']}"
    assert_problem(annotator.patch(path, {"basis": None}), 428)
    changed = annotator.patch(
        path, {"basis": None, "relation": "corroborates"}, if_match=annotator.get(path)
    )
    assert (changed.json["basis"], changed.json["relation"]) == (None, "corroborates")
    assert_problem(annotator.patch(path, {"to": ends[0]["id"]}, if_match="*"), 422)
    assert_problem(annotator.delete(path, if_match='"1-abc"'), 412)
    assert_problem(api.as_(team.viewer).delete(path, if_match=changed), 403)
    assert annotator.delete(path, if_match=changed).status_code == 204
    assert_problem(annotator.get(path), 404)


def test_filters(api, team, annotator, ends):
    slug = team.project.slug
    near = new_claim(annotator, ends[0]["article_id"], "Forty boats")
    far = new_link(annotator, slug, ends[0]["id"], ends[1]["id"], basis="numeric", group="g")
    close = new_link(
        api.as_(team.reviewer), slug, ends[0]["id"], near["id"], relation="corroborates"
    )
    for query, expected in (
        ({"relation": "contradicts"}, {far["id"]}),
        ({"basis": "numeric"}, {far["id"]}),
        ({"group": "g"}, {far["id"]}),
        ({"cross_article": "true"}, {far["id"]}),
        ({"cross_article": "false"}, {close["id"]}),
        ({"annotation": near["id"]}, {close["id"]}),
        ({"article": ends[1]["article_id"]}, {far["id"]}),
        ({"article": ends[0]["article_id"]}, {far["id"], close["id"]}),
        ({"author": team.reviewer.id}, {close["id"]}),
        ({"state": "approved"}, set()),
    ):
        found = annotator.get(f"/projects/{slug}/links", query=query).json["items"]
        assert {row["id"] for row in found} == expected, query
