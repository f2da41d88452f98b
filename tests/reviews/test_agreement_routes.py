"""Agreement over the API: the numbers, what stands behind them, and who may read them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from app.reviews.measures import of_places, queries
from tests.reviews.desk import CLAIM, FIGURE, Desk, read
from tests.support.problems import assert_problem, pointers

Json = dict[str, Any]
WIDER: Json = {**CLAIM, "target": {"exact": "said the strike killed 14 people"}}
NOBODY: Json = {**CLAIM, "target": {"exact": "Nobody knows"}}
FAST = ["span_f1_exact", "span_f1_overlap", "cohen_kappa", "fleiss_kappa"]
FAST += ["alpha_nominal", "alpha_unitizing"]


def agreement(desk: Desk, name: str = "reviewer", **query: Any) -> Json:
    return read(desk.as_(name).get(f"{desk.path}/agreement", query=query))


def values(measures: Json) -> dict[str, float | None]:
    return {name: one["value"] for name, one in measures.items()}


def names(people: list[Json]) -> list[str]:
    return [person["name"] for person in people]


def test_a_project_where_nobody_met_has_no_agreement(desk: Desk) -> None:
    desk.tag("ann", desk.article())
    desk.tag("bo", desk.article())
    found = agreement(desk)
    assert list(found["measures"]) == FAST
    for one in found["measures"].values():
        assert (one["value"], one["reason"], one["n_units"]) == (None, "no_units", 0)
    for name in ("coders", "pairs", "kinds", "articles"):
        assert found[name] == []
    assert found["disagreements"] == {"total": 0, "most": 50, "items": []}
    assert found["n_articles"] == 0


def test_those_who_mark_alike_agree_wholly(desk: Desk) -> None:
    for article in desk.articles(2):
        for name in ("ann", "bo"):
            desk.tag(name, article)
            desk.tag(name, article, FIGURE)
    found = agreement(desk, measure=",".join([*FAST, "gamma"]))
    assert set(values(found["measures"]).values()) == {1.0}
    assert found["measures"]["span_f1_exact"] == {
        "value": 1.0,
        "reason": None,
        "n_units": 8,
        "n_coders": 2,
        "n_articles": 2,
        "matched": 4,
    }
    assert found["measures"]["cohen_kappa"]["n_units"] == 4
    assert found["measures"]["gamma"]["exact"] is True
    assert found["measures"]["gamma"]["per_kind"] == {"claim": 1.0, "figure": 1.0}
    assert found["disagreements"]["total"] == 0
    (pair,) = found["pairs"]
    assert (names(pair["users"]), set(pair["measures"])) == (["ann", "bo"], set(FAST))


def differing(desk: Desk) -> tuple[str, str]:
    """Two articles: on one two of three agree and one is done with nothing; on one two differ.

    Exact: ann and bo share one of their two and one spans; on the other article none of one and
    one. Overlapping, they share a wider span there.
    """
    first, second = desk.articles(2)
    desk.tag("ann", first)
    desk.tag("ann", first, FIGURE)
    desk.tag("bo", first, attributes={"statement": "Fourteen died."})
    desk.done("cy", first)
    desk.tag("ann", second, WIDER)
    desk.tag("bo", second)
    return first, second


def test_numbers_by_pair_kind_and_article(desk: Desk) -> None:
    first, second = differing(desk)
    found = agreement(desk, measure="span_f1_exact,span_f1_overlap")
    assert names(found["coders"]) == ["ann", "bo", "cy"]
    # first: ann-bo 1 of (2, 1), ann-cy 0 of (2, 0), bo-cy 0 of (1, 0); second: ann-bo of (1, 1)
    assert values(found["measures"]) == {"span_f1_exact": 2 / 8, "span_f1_overlap": 4 / 8}
    by_pair = {tuple(names(pair["users"])): values(pair["measures"]) for pair in found["pairs"]}
    assert by_pair == {
        ("ann", "bo"): {"span_f1_exact": 2 / 5, "span_f1_overlap": 4 / 5},
        ("ann", "cy"): {"span_f1_exact": 0, "span_f1_overlap": 0},
        ("bo", "cy"): {"span_f1_exact": 0, "span_f1_overlap": 0},
    }
    by_kind = {one["kind"]: values(one["measures"]) for one in found["kinds"]}
    assert by_kind == {
        "claim": {"span_f1_exact": 2 / 6, "span_f1_overlap": 4 / 6},
        "figure": {"span_f1_exact": 0, "span_f1_overlap": 0},
    }
    worst = [
        (one["article"]["id"], one["n_units"], one["n_disagreeing"]) for one in found["articles"]
    ]
    assert worst == [(first, 2, 2), (second, 1, 1)]
    assert values(found["articles"][1]["measures"]) == {"span_f1_exact": 0, "span_f1_overlap": 1.0}
    assert found["n_articles"] == 2


def test_what_they_differ_on_is_listed(desk: Desk) -> None:
    first, second = differing(desk)
    found = agreement(desk)["disagreements"]
    assert found["total"] == 3
    told = [
        (
            unit["article_id"],
            unit["likeness"],
            names([member["author"] for member in unit["members"]]),
            names(unit["missing"]),
            unit["differences"],
        )
        for unit in found["items"]
    ]
    assert told == [
        (first, "exact", ["ann", "bo"], ["cy"], ["/attributes/statement"]),
        (first, "single", ["ann"], ["bo", "cy"], []),
        (second, "overlapping", ["ann", "bo"], [], []),
    ]
    few = agreement(desk, disagreements=1, top=1)
    assert (len(few["disagreements"]["items"]), few["disagreements"]["total"]) == (1, 3)
    assert [one["article"]["id"] for one in few["articles"]] == [first]
    none = agreement(desk, disagreements=0, top=0)
    assert (none["disagreements"]["items"], none["articles"]) == ([], [])


def test_coders_articles_and_kinds_are_chosen(desk: Desk) -> None:
    _, second = differing(desk)
    two = agreement(desk, users=f"{desk.id('ann')},{desk.id('bo')}")
    assert names(two["coders"]) == ["ann", "bo"]
    assert two["measures"]["span_f1_exact"]["value"] == 2 / 5
    one = agreement(desk, articles=second)
    assert (one["n_articles"], one["measures"]["span_f1_exact"]["value"]) == (1, 0)
    figures = agreement(desk, kind="figure")
    assert figures["measures"]["span_f1_exact"]["n_units"] == 2
    assert [kind["kind"] for kind in figures["kinds"]] == ["figure"]
    nobody = agreement(desk, users=desk.id("viewer"), articles=second)
    assert nobody["measures"]["span_f1_exact"]["reason"] == "no_units"


def test_labels_are_kinds_or_attributes(desk: Desk) -> None:
    words = [("asserted", "asserted"), ("asserted", "possible"), ("denied", "denied")]
    for article, pair in zip(desk.articles(3), words, strict=True):
        for name, modality in zip(("ann", "bo"), pair, strict=True):
            desk.tag(name, article, attributes={"modality": modality})
    by_kind = agreement(desk)["measures"]["cohen_kappa"]
    assert (by_kind["value"], by_kind["reason"], by_kind["n_units"]) == (None, "no_variation", 3)
    found = agreement(desk, label="/attributes/modality")
    assert found["label"] == "/attributes/modality"
    kappa = found["measures"]["cohen_kappa"]
    # Agreed 2 of 3; by chance (2/3 · 1/3) + (1/3 · 1/3) = 1/3.
    assert kappa["value"] == pytest.approx(0.5)
    assert kappa["n_units"] == 3
    assert found["measures"]["alpha_nominal"]["value"] == pytest.approx(1 - (1 / 3) / (22 / 30))
    assert found["measures"]["fleiss_kappa"]["n_labels"] == 2
    unsaid = agreement(desk, label="/attributes/topic")["measures"]["cohen_kappa"]
    assert (unsaid["value"], unsaid["n_units"]) == (None, 0)


def test_links_are_measured_too(desk: Desk) -> None:
    here, there = desk.article(), desk.article()
    for name, relation in (("ann", "contradicts"), ("bo", "corroborates")):
        own = desk.tag(name, here), desk.tag(name, here, FIGURE), desk.tag(name, there)
        desk.link(name, own[0], own[1])
        desk.link(name, own[2], own[0], relation=relation)
    found = agreement(desk, of="links")
    assert values(found["measures"])["link_f1_exact"] == 2 / 4
    assert values(found["measures"])["link_f1_ends"] == 4 / 4
    assert found["measures"]["alpha_nominal"]["n_units"] == 2
    assert found["n_articles"] == 1
    (unit,) = found["disagreements"]["items"]
    assert (unit["article_id"], unit["other_article_id"]) == (here["id"], there["id"])
    assert (unit["likeness"], unit["differences"]) == ("overlapping", ["/relation"])
    assert len(unit["ends"]) == 2
    assert found["kinds"] == []
    assert agreement(desk, of="links", kind="figure")["measures"]["link_f1_exact"]["n_units"] == 2
    assert agreement(desk, of="links", articles=here["id"])["disagreements"]["total"] == 0


def test_what_is_adjudicated_does_not_count(desk: Desk) -> None:
    differing(desk)
    before = agreement(desk)
    for article in before["articles"]:
        path = f"/articles/{article['article']['id']}/adjudication"
        body = {"strategy": {"accept_exact": 1}, "done": True}
        assert desk.as_("reviewer").post(path, body).status_code == 201
    assert agreement(desk) == before


def test_gamma_gives_up_where_there_is_too_much(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    differing(desk)
    monkeypatch.setattr(of_places, "GAMMA_MOST_STEPS", 20)
    found = agreement(desk, measure="gamma")["measures"]["gamma"]
    assert (found["value"], found["reason"], found["exact"]) == (None, "too_large", False)


def test_who_annotates_meanwhile_is_counted_wholly_or_not_at_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 1)
    articles = desk.articles(3)
    for article in articles:
        desk.tag("ann", article)
        desk.tag("bo", article)
    before = agreement(desk)
    read_layers = queries.layers_of

    def meanwhile(*given: Any, **more: Any) -> Any:
        """Another tags the first and the last article while the first is looked at."""
        if given[1] == articles[:1]:
            for article in (articles[0], articles[2]):
                desk.tag("ann", article, FIGURE)
        return read_layers(*given, **more)

    monkeypatch.setattr(queries, "layers_of", meanwhile)
    assert agreement(desk) == before
    monkeypatch.undo()
    assert agreement(desk)["disagreements"]["total"] == 2


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"measure": "luck"}, "/measure"),
        ({"measure": "link_f1_exact"}, "/measure"),
        ({"of": "links", "measure": "gamma"}, "/measure"),
        ({"of": "links", "label": "kind"}, "/label"),
        ({"label": "topic"}, "/label"),
        ({"users": "ann"}, "/users"),
        ({"top": "101"}, "/top"),
        ({"kind": "rumour"}, "/kind"),
    ],
)
def test_bad_parameters_are_named(desk: Desk, query: Json, pointer: str) -> None:
    answer = desk.as_("reviewer").get(f"{desk.path}/agreement", query=query)
    assert pointer in pointers(assert_problem(answer, 422))


def test_the_blind_do_not_read_how_much_they_agree(blind: Desk) -> None:
    differing(blind)
    path = f"{blind.path}/agreement"
    assert_problem(blind.as_("ann").get(path), 403, "blind")
    assert agreement(blind, "viewer")["n_articles"] == 2


def test_articles_are_read_batch_by_batch(
    desk: Desk,
    statements: Callable[[], AbstractContextManager[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    articles = desk.articles(5)
    for article in articles:
        spans = [
            desk.tag(name, article, span) for name in ("ann", "bo") for span in (CLAIM, NOBODY)
        ]
        desk.link("ann", spans[0], spans[1])
    whole, linked = agreement(desk), agreement(desk, of="links")
    with statements() as seen:
        agreement(desk)
    monkeypatch.setattr(queries, "BATCH", 2)
    assert agreement(desk) == whole
    assert agreement(desk, of="links") == linked
    with statements() as more:
        agreement(desk)
    assert len(seen) == 5, "the door, three that read, and the coders' names"
    assert len(more) == 2 + 3 * 3, "three batches"
