"""The reader page from memory: it says what the plain way says, whatever happened in between."""

import pytest

from app.kernel.cache import Cache
from app.kernel.offsets import Unit
from app.links import reader as room
from tests.factories.writing import new_article, new_claim, new_link
from tests.support.together import at_once


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def article(annotator, team):
    article = new_article(annotator, team.project.slug)
    said = {"content": [{"exact": "Forty boats sank"}], "cue": [{"start": 39, "end": 43}]}
    for body in (
        {"kind": "attribution", "target": {"start": 2, "end": 43}, "parts": said, "note": "“⚓”"},
        {"kind": "figure", "target": {"exact": "Forty boats"}, "attributes": {"value": 40}},
        {
            "kind": "claim",
            "target": {"fragments": [{"start": 2, "end": 13}, {"start": 14, "end": 18}]},
            "tags": ["a", "b"],
            "origin": "machine",
            "score": 0.30000000000000004,
            "attributes": {"statement": "It\u2028sank.", "topic": "boats"},
        },
    ):
        answer = annotator.post(f"/articles/{article}/annotations", body)
        assert answer.status_code == 201, answer.json
    return article


@pytest.fixture
def same(annotator, team, article):
    """That the page, read twice, agrees with the lists, which are built from the rows."""

    def check(reader=annotator):
        links = reader.get(f"/projects/{team.project.slug}/links?article={article}").json["items"]
        for unit in Unit:
            query = f"?unit={unit.value}"
            plain = reader.get(f"/articles/{article}/annotations{query}").json["items"]
            for _ in ("it may not be at hand yet", "now it is"):
                page = reader.get(f"/articles/{article}{query}&include=annotations,links").json
                assert page["annotations"] == plain
                assert page["links"] == links
        return page

    return check


def changed(api, path, change):
    answer = api.patch(path, change, if_match=api.get(path))
    assert answer.status_code == 200, answer.json
    return answer.json


def test_the_page_says_what_the_rows_say(same):
    assert [each["reported_by"] is not None for each in same()["annotations"]] == [
        *(False, True, True)
    ]


def test_what_changes_beside_an_annotation_is_seen_at_once(api, team, annotator, article, same):
    first, second, third = (item["id"] for item in same()["annotations"])
    link = new_link(annotator, team.project.slug, second, third)
    assert same()["annotations"][1]["links"]["contradicts"] == 1
    boss, claim = api.as_(team.reviewer), f"/annotations/{second}"
    verdict = {"label": "refuted", "justification": "It floats."}
    submitted = annotator.post(
        f"{claim}/review", {"action": "submit"}, if_match=annotator.get(claim)
    )
    approved = boss.post(f"{claim}/review", {"action": "approve"}, if_match=submitted)
    judged = boss.put(f"{claim}/verdict", verdict, if_match=approved)
    assert judged.status_code in {200, 201}, judged.json
    assert same()["annotations"][1]["verdict"]["label"] == "refuted"
    changed(annotator, "/me", {"name": "Änna \\ “B”"})
    page = same()
    assert {item["author"]["name"] for item in page["annotations"]} == {"Änna \\ “B”"}
    assert page["links"][0]["author"]["name"] == "Änna \\ “B”"
    path = f"/annotations/{first}"
    assert annotator.delete(path, if_match=annotator.get(path)).status_code == 204
    assert same()["annotations"][0]["reported_by"] is None
    path = f"/links/{link['id']}"
    assert annotator.delete(path, if_match=annotator.get(path)).status_code == 204
    assert same()["annotations"][0]["links"]["contradicts"] == 0


def test_an_edit_is_seen_at_once(annotator, team, article, same):
    item = same()["annotations"][1]
    assert changed(annotator, f"/annotations/{item['id']}", {"note": "new"})
    assert same()["annotations"][1]["note"] == "new"
    link = new_link(annotator, team.project.slug, item["id"], same()["annotations"][0]["id"])
    same()
    changed(annotator, f"/links/{link['id']}", {"relation": "corroborates"})
    assert same()["links"][0]["relation"] == "corroborates"


def test_an_end_that_moved_elsewhere_is_seen_at_once(annotator, team, article, same):
    other = new_article(annotator, team.project.slug)
    far = new_claim(annotator, other)
    new_link(annotator, team.project.slug, same()["annotations"][0]["id"], far["id"])
    assert same()["links"][0]["ends"]["to"]["exact"] == "Nobody was hurt"
    changed(annotator, f"/annotations/{far['id']}", {"target": {"exact": "Nobody"}})
    assert same()["links"][0]["ends"]["to"]["exact"] == "Nobody"


def test_a_page_at_hand_is_for_those_alone_who_see_the_same(api, team, annotator, article, same):
    manager, reviewer = api.as_(team.manager), api.as_(team.reviewer)
    mine = [item["id"] for item in same()["annotations"]]
    theirs = new_claim(reviewer, article)["id"]
    assert same()["annotations"] == same(reviewer)["annotations"]
    changed(manager, team.project.path, {"settings": {"blind": True}})
    assert [item["id"] for item in same()["annotations"]] == mine
    assert {item["id"] for item in same(reviewer)["annotations"]} == {*mine, theirs}
    assert [item["id"] for item in same()["annotations"]] == mine


def test_a_page_at_hand_takes_two_statements(annotator, article, same, statements):
    same()
    with statements() as seen:
        annotator.get(f"/articles/{article}?include=annotations,links")
    assert len(seen) == 2


def test_a_page_that_changed_while_it_was_read_is_not_remembered(
    annotator, article, same, monkeypatch
):
    """Readers of PostgreSQL see what is committed at each statement, not one state."""
    name = annotator.get("/me").json["name"]
    ask = room.annotation_queries.of_article

    def meanwhile(*given):
        monkeypatch.undo()
        at_once(lambda: changed(annotator, "/me", {"name": "Meanwhile"}))
        return ask(*given)

    monkeypatch.setattr(room.annotation_queries, "of_article", meanwhile)
    annotator.get(f"/articles/{article}?include=annotations,links")
    changed(annotator, "/me", {"name": name})
    assert same()["annotations"][0]["author"]["name"] == name


def test_memory_is_bounded(annotator, article, same, monkeypatch):
    cache = Cache(20_000)
    monkeypatch.setattr(room, "pages", cache)
    for exact in ("Nobody", "was", "hurt", "mayor"):
        new_claim(annotator, article, exact)
        same()
        assert 0 < cache.used <= 20_000
