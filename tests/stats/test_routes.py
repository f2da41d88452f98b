"""Stats, held against what was made through the API."""

import pytest

TEXT = "Forty boats sank, the harbour master said. Nobody was hurt, says the mayor."


@pytest.fixture
def busy(api, team):
    """A project with three annotations of two people, two tags and a link."""
    path = f"/projects/{team.project.slug}"
    annotator, reviewer = api.as_(team.annotator), api.as_(team.reviewer)
    article = annotator.post(f"{path}/articles", {"title": "Storm", "text": TEXT}).json["id"]
    annotator.post(f"{path}/articles", {"title": "Calm", "text": "Nothing happened."})
    spans = f"/articles/{article}/annotations"
    claim = {"kind": "claim", "target": {"exact": "Nobody was hurt"}, "tags": ["people"]}
    figure = {
        "kind": "figure",
        "target": {"exact": "Forty boats"},
        "attributes": {"value": 40},
        "tags": ["losses", "people"],
        "state": "submitted",
    }
    first = annotator.post(spans, claim).json["id"]
    second = reviewer.post(spans, figure).json["id"]
    reviewer.post(spans, {**claim, "tags": []})
    annotator.post(f"{path}/links", {"from": first, "to": second, "relation": "corroborates"})
    return path, article


def test_everything_is_counted_in_every_way(api, team, busy):
    path, article = busy
    found = api.as_(team.viewer).get(f"{path}/stats").json
    assert found["articles"] == {
        "total": 2,
        "annotated": 1,
        "top": [{"id": article, "title": "Storm", "annotations": 3}],
    }
    assert found["annotations"] == {
        "total": 3,
        "by_kind": {"claim": 2, "figure": 1},
        "by_state": {"draft": 2, "submitted": 1},
        "by_origin": {"human": 3},
        "by_layer": {"annotator": 3},
        "by_tag": {"people": 2, "losses": 1},
    }
    assert found["links"] == {
        "total": 1,
        "by_relation": {"corroborates": 1},
        "by_state": {"draft": 1},
        "by_layer": {"annotator": 1},
    }
    (day,) = found["over_time"]
    assert {name: n for name, n in day.items() if name != "day"} == {
        "claim": 2,
        "figure": 1,
        "corroborates": 1,
    }
    made = {row["author"]["id"]: row for row in found["by_author"]}
    assert made[team.annotator.id]["by_kind"] == {"claim": 1}
    assert made[team.annotator.id]["links"] == 1
    assert made[team.reviewer.id]["annotations"] == 2


def test_a_window_of_time_counts_only_what_was_made_in_it(api, team, busy):
    path, _ = busy
    api = api.as_(team.viewer)
    before = api.get(f"{path}/stats?until=2020-01-01T00:00:00Z").json["annotations"]
    since = api.get(f"{path}/stats?since=2020-01-01T00:00:00Z").json["annotations"]
    assert (before["total"], before["by_tag"]) == (0, {})
    assert (since["total"], since["by_tag"]) == (3, {"people": 2, "losses": 1})


def test_while_blind_an_annotator_counts_only_their_own(api, team, busy):
    path, _ = busy
    manager = api.as_(team.manager)
    project = manager.get(path)
    manager.patch(path, {"settings": {"blind": True}}, if_match=project)
    found = api.as_(team.annotator).get(f"{path}/stats").json
    assert found["annotations"]["total"] == 1
    assert found["annotations"]["by_tag"] == {"people": 1}
    assert [row["author"]["id"] for row in found["by_author"]] == [team.annotator.id]
    assert manager.get(f"{path}/stats").json["annotations"]["total"] == 3


def test_the_number_of_statements_does_not_grow(api, team, busy, statements):
    path, _ = busy
    with statements() as seen:
        api.as_(team.viewer).get(f"{path}/stats")
    assert len(seen) == 4, "the door, and three that count"
