"""Lists of annotations: filters, order, pages, and their cost."""

import pytest

from tests.factories.writing import new_article, new_claim, new_link
from tests.support.problems import assert_problem, pointers


@pytest.fixture
def annotator(api, team):
    return api.as_(team.annotator)


@pytest.fixture
def scene(api, annotator, team):
    """A project with four annotations that differ in everything one can ask for."""
    slug = team.project.slug
    first, second = new_article(annotator, slug), new_article(annotator, slug)
    claim = new_claim(
        annotator,
        first,
        tags=["people"],
        note="ask the mayor",
        attributes={"topic": "safety", "statement": "No injuries"},
    )
    figure = api.as_(team.reviewer).post(
        f"/articles/{second}/annotations",
        {
            "kind": "figure",
            "target": {"exact": "Forty boats"},
            "attributes": {"value": 40},
            "state": "submitted",
            "origin": "machine",
            "score": 0.9,
            "tags": ["losses", "people"],
        },
    )
    said = annotator.post(
        f"/articles/{second}/annotations",
        {
            "kind": "attribution",
            "target": {"exact": "Forty boats sank, the harbour master said"},
            "attributes": {"sources": [{"name": "Harbour  MASTER", "type": "person"}]},
        },
    )
    lone = new_claim(annotator, second, "Forty")
    new_link(annotator, slug, claim["id"], figure.json["id"])
    ids = {
        "claim": claim["id"],
        "figure": figure.json["id"],
        "said": said.json["id"],
        "lone": lone["id"],
    }
    return ids, {"first": first, "second": second}


@pytest.mark.parametrize(
    ("q", "exact"),
    [
        ("путин", "Путин"),
        ("ПУТИН", "Путин"),
        ("école", "l'ÉCOLE"),
        ("Straße_", "STRAßE_2"),
        ("100%", "100%"),
    ],
)
def test_letters_are_found_in_any_case_of_any_script(annotator, team, q, exact):
    slug = team.project.slug
    article = new_article(
        annotator, slug, "Владимир Путин. À l'ÉCOLE. STRAßE_2, 100% sure. Others."
    )
    made = new_claim(annotator, article, exact)
    new_claim(annotator, article, "Others")
    new_claim(annotator, article, "sure", note=None, attributes={"statement": "Sure."})
    found = annotator.get(f"/projects/{slug}/annotations", query={"q": q}).json["items"]
    assert [item["id"] for item in found] == [made["id"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"kind": "claim"}, {"claim", "lone"}),
        ({"state": "submitted"}, {"figure"}),
        ({"tag": "people"}, {"claim", "figure"}),
        ({"tag": "losses", "kind": "claim"}, set()),
        ({"topic": "safety"}, {"claim"}),
        ({"origin": "machine"}, {"figure"}),
        ({"source": "harbour master"}, {"said"}),
        ({"source": "nobody"}, set()),
        ({"q": "MAYOR"}, {"claim"}),
        ({"q": "no inj"}, {"claim"}),
        ({"q": "boats"}, {"figure", "said"}),
        ({"q": "%"}, set()),
        ({"linked": "true"}, {"claim", "figure"}),
        ({"linked": "false"}, {"said", "lone"}),
        ({"created_after": "2020-01-01T00:00:00Z"}, {"claim", "figure", "said", "lone"}),
        ({"updated_after": "2120-01-01T00:00:00Z"}, set()),
    ],
)
def test_filters(annotator, team, scene, query, expected):
    ids, _ = scene
    answer = annotator.get(f"/projects/{team.project.slug}/annotations", query=query)
    assert {row["id"] for row in answer.json["items"]} == {ids[name] for name in expected}


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2020-01-01T00:00:00+01:00", 4),
        ("2020-01-01T00:00:00%2B01:00", 4),
        ("2120-01-01T00:00:00+01:00", 0),
        ("2020-01-01T00:00:00-01:00", 4),
    ],
)
def test_an_offset_from_utc_may_keep_its_plus_in_a_query(annotator, team, scene, moment, count):
    path = f"/projects/{team.project.slug}/annotations?created_after={moment}"
    assert len(annotator.get(path).json["items"]) == count


@pytest.mark.parametrize("moment", ["2020-01-01", "2020-01-01T00:00:00", "2020-01-01 00:00:00Z"])
def test_a_moment_without_its_offset_is_refused(annotator, team, moment):
    query = {"created_after": moment}
    answer = annotator.get(f"/projects/{team.project.slug}/annotations", query=query)
    assert pointers(assert_problem(answer, 422)) == {"/created_after": "not_a_time"}


def test_filters_by_author_and_article(annotator, team, scene):
    ids, articles = scene
    path = f"/projects/{team.project.slug}/annotations"
    found = annotator.get(path, query={"author": team.reviewer.id}).json["items"]
    assert [row["id"] for row in found] == [ids["figure"]]
    found = annotator.get(path, query={"article": articles["first"]}).json["items"]
    assert [row["id"] for row in found] == [ids["claim"]]


def test_pages_follow_each_other_without_gap_or_repeat(annotator, team):
    article = new_article(annotator, team.project.slug, "word " * 100)
    spans = [{"kind": "claim", "target": {"start": n, "end": n + 4}} for n in range(0, 250, 5)]
    assert annotator.post(f"/articles/{article}/annotations", spans).status_code == 201
    seen, path = [], f"/api/v1/articles/{article}/annotations?limit=7"
    while path:
        answer = annotator.get("//" + path.lstrip("/"))
        seen += [row["target"]["start"] for row in answer.json["items"]]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next"] is None)
        path = link.split(">")[0].lstrip("<") if link else None
    assert seen == list(range(0, 250, 5))


@pytest.mark.parametrize(
    "cursor", ["x", "!!!", "WyJsaW5rcyIsICJhIl0", "eyJhIjogMX0", "WzFd", "%00"]
)
def test_cursors_that_are_none_are_refused(annotator, team, cursor):
    path = f"/projects/{team.project.slug}/annotations?after={cursor}"
    assert annotator.get(path).status_code in {400, 422}


def test_a_cursor_of_another_list_is_refused(annotator, team, scene):
    _, articles = scene
    page = annotator.get(f"/articles/{articles['second']}/annotations?limit=1").json
    path = f"/projects/{team.project.slug}/annotations?after={page['next']}"
    assert_problem(annotator.get(path), 400, "bad_cursor")


def test_unknown_and_wrong_parameters_are_refused(annotator, team):
    path = f"/projects/{team.project.slug}/annotations"
    for query in ("colour=red", "limit=0", "limit=501", "limit=x", "linked=maybe", "kind=wish"):
        assert_problem(annotator.get(f"{path}?{query}"), 422)
    assert_problem(annotator.get(f"{path}?kind=claim&kind=figure"), 422)


def test_a_page_and_the_reader_page_cost_four_statements_at_most(
    annotator, team, scene, statements
):
    _, articles = scene
    for path in (
        f"/projects/{team.project.slug}/annotations",
        f"/projects/{team.project.slug}/links",
        f"/projects/{team.project.slug}/articles",
        f"/projects/{team.project.slug}/sources",
        f"/projects/{team.project.slug}/members",
        f"/articles/{articles['second']}/annotations",
        f"/articles/{articles['second']}?include=annotations,links",
    ):
        with statements() as seen:
            assert annotator.get(path).status_code == 200
        assert len(seen) <= 4, (path, seen)
