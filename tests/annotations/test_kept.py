"""The reader page from memory: it says what the plain way says, whatever happened in between."""

import pytest

from app.annotations import kept
from tests.factories.writing import new_article, new_claim, new_link


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
def same(annotator, article):
    """That the page, read twice, agrees with the list, which is built from the rows."""

    def check():
        plain = annotator.get(f"/articles/{article}/annotations").json["items"]
        for _ in ("it may not be at hand yet", "now it is"):
            page = annotator.get(f"/articles/{article}?include=annotations").json
            assert page["annotations"] == plain
        return plain

    return check


def test_the_page_says_what_the_rows_say(same):
    assert [item["reported_by"] is not None for item in same()] == [False, True, True]


def test_what_changes_beside_an_annotation_is_not_remembered(api, team, annotator, article, same):
    first, second, third = (item["id"] for item in same())
    new_link(annotator, team.project.slug, second, third)
    assert same()[1]["links"]["contradicts"] == 1
    boss, claim = api.as_(team.reviewer), f"/annotations/{second}"
    verdict = {"label": "refuted", "justification": "It floats."}
    read = annotator.get(claim)
    submitted = annotator.post(f"{claim}/review", {"action": "submit"}, if_match=read)
    approved = boss.post(f"{claim}/review", {"action": "approve"}, if_match=submitted)
    judged = boss.put(f"{claim}/verdict", verdict, if_match=approved)
    assert judged.status_code in {200, 201}, judged.json
    assert same()[1]["verdict"]["label"] == "refuted"
    me = annotator.get("/me")
    assert annotator.patch("/me", {"name": "Änna \\ “B”"}, if_match=me).status_code == 200
    assert {item["author"]["name"] for item in same()} == {"Änna \\ “B”"}
    gone = annotator.delete(
        f"/annotations/{first}", if_match=annotator.get(f"/annotations/{first}")
    )
    assert gone.status_code == 204
    assert same()[0]["reported_by"] is None


def test_an_edit_is_seen_at_once(annotator, article, same):
    item = same()[1]
    edited = annotator.patch(
        f"/annotations/{item['id']}",
        {"note": "new"},
        if_match=annotator.get(f"/annotations/{item['id']}"),
    )
    assert edited.status_code == 200, edited.json
    assert same()[1]["note"] == "new"


def test_memory_is_bounded(annotator, team, article, same, monkeypatch):
    monkeypatch.setattr(kept, "MOST_CHARACTERS", 2000)
    for exact in ("Nobody", "was", "hurt", "mayor"):
        new_claim(annotator, article, exact)
        same()
    assert kept._total <= 2000
    assert kept._total == sum(len(one.told) for one in kept._kept.values())
