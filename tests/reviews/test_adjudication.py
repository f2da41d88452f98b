"""The adjudicated layer: what goes into it, what it came from, and what is refused."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from threading import Thread
from typing import Any

import pytest

from app.articles import queries as article_queries
from app.reviews.adjudication import queries
from tests.reviews.desk import CLAIM, FIGURE, Desk, made, path_of, read
from tests.support.feed import told_with
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
WIDER: Json = {**CLAIM, "target": {"exact": "said the strike killed 14 people"}}


def adjudicate(desk: Desk, article: Json, name: str = "reviewer", **body: Any) -> Json:
    return made(desk.as_(name).post(f"/articles/{article['id']}/adjudication", body))


def refusal(
    desk: Desk, article: Json, status: int = 422, name: str = "reviewer", **body: Any
) -> Json:
    path = f"/articles/{article['id']}/adjudication"
    return assert_problem(desk.as_(name).post(path, body), status)


def read_back(desk: Desk, article: Json, name: str = "reviewer", **query: Any) -> Json:
    return read(desk.as_(name).get(f"/articles/{article['id']}/adjudication", query=query))


def layer(desk: Desk, article: Json) -> list[Json]:
    path = f"{desk.path}/annotations"
    query = {"article": article["id"], "layer": "adjudicated"}
    return list(read(desk.as_("viewer").get(path, query=query))["items"])


def links(desk: Desk, article: Json) -> list[Json]:
    query = {"article": article["id"], "layer": "adjudicated"}
    return list(read(desk.as_("viewer").get(f"{desk.path}/links", query=query))["items"])


def ids(things: list[Json]) -> list[str]:
    return [thing["id"] for thing in things]


def test_what_is_accepted_becomes_an_approved_annotation_that_knows_its_origins(
    desk: Desk,
) -> None:
    article = desk.article()
    one, other = desk.tag("ann", article, WIDER, tags=["deaths"]), desk.tag("bo", article)
    lonely = desk.tag("cy", article, FIGURE)
    decisions = [
        {"accept": [one["id"], other["id"]], "reason": "The cue belongs to it."},
        {"reject": [lonely["id"]], "reason": "Nobody else saw a figure here."},
    ]
    found = adjudicate(desk, article, decisions=decisions)
    accepted, rejected = found["items"]
    (settled,) = layer(desk, article)
    assert accepted["result"] == settled["id"]
    assert [origin["id"] for origin in accepted["from"]] == [one["id"], other["id"]]
    assert [origin["author"]["name"] for origin in accepted["from"]] == ["ann", "bo"]
    assert (accepted["how"], accepted["reason"]) == ("decided", "The cue belongs to it.")
    assert (rejected["action"], rejected["result"]) == ("reject", None)
    assert rejected["reason"] == "Nobody else saw a figure here."
    assert settled["target"]["exact"] == WIDER["target"]["exact"]
    assert (settled["state"], settled["author"]["name"]) == ("approved", "reviewer")
    assert (settled["tags"], settled["external_id"]) == (["deaths"], None)
    assert found["undecided"] == {"annotations": [], "links": []}
    assert found["article"]["state"] == "open"
    untouched = read(desk.as_("ann").get(f"/annotations/{one['id']}"))
    assert (untouched["layer"], untouched["version"]) == ("annotator", one["version"])
    assert read_back(desk, article, "viewer")["items"] == found["items"]


def test_what_is_accepted_can_be_changed(desk: Desk) -> None:
    article = desk.article()
    said = {"statement": "A strike killed 14 people.", "modality": "asserted", "topic": "war"}
    one = desk.tag("ann", article, attributes=said, tags=["a"], note="Sure?", confidence="low")
    changes: Json = {
        "target": WIDER["target"],
        "attributes": {"modality": "possible", "topic": None},
        "tags": ["b"],
        "note": None,
        "confidence": "high",
    }
    found = adjudicate(desk, article, decisions=[{"accept": [one["id"]], **changes}])
    (settled,) = layer(desk, article)
    assert settled["target"]["exact"] == WIDER["target"]["exact"]
    statement = {"statement": "A strike killed 14 people.", "modality": "possible"}
    assert settled["attributes"] == statement
    assert (settled["tags"], settled["note"], settled["confidence"]) == (["b"], None, "high")
    assert found["items"][0]["changed"] == sorted(changes)


def test_a_change_of_kind_keeps_the_place_alone(desk: Desk) -> None:
    article = desk.article()
    one = desk.tag("ann", article, FIGURE)
    claim = {"accept": [one["id"]], "kind": "claim", "attributes": {"statement": "Nine died."}}
    adjudicate(desk, article, decisions=[claim])
    (settled,) = layer(desk, article)
    assert (settled["kind"], settled["attributes"]) == ("claim", {"statement": "Nine died."})
    assert settled["target"]["exact"] == "9 people"


def test_faults_of_changes_are_named_where_they_stand(desk: Desk) -> None:
    article = desk.article()
    one, other = desk.tag("ann", article), desk.tag("bo", article, FIGURE)
    wrong = [
        {"accept": [one["id"]], "target": {"exact": "nowhere to be found"}},
        {"accept": [other["id"]], "attributes": {"value": "many"}},
    ]
    found = pointers(refusal(desk, article, decisions=wrong))
    assert {pointer.split("/")[2] for pointer in found} == {"0", "1"}
    assert "/decisions/1/attributes/value" in found
    assert layer(desk, article) == []


def test_the_same_span_goes_into_one_result_only(desk: Desk) -> None:
    article = desk.article()
    one, other = desk.tag("ann", article), desk.tag("bo", article)
    twice = [{"accept": [one["id"]]}, {"accept": [other["id"], one["id"]]}]
    found = pointers(refusal(desk, article, decisions=twice))
    assert found == {"/decisions/1/accept/1": "decided_twice"}
    first = adjudicate(desk, article, decisions=[{"accept": [one["id"]]}])["items"][0]
    again = refusal(desk, article, decisions=[{"reject": [one["id"]], "reason": "No."}])
    assert again["errors"][0]["code"] == "already_decided"
    assert again["errors"][0]["decision"] == first["id"]
    assert len(layer(desk, article)) == 1


def test_only_annotators_work_on_this_article_is_decided_on(desk: Desk) -> None:
    article, elsewhere = desk.article(), desk.tag("ann", desk.article())
    one = desk.tag("ann", article)
    settled = adjudicate(desk, article, decisions=[{"accept": [one["id"]]}])["items"][0]["result"]
    for id_ in (elsewhere["id"], settled, article["id"]):
        found = pointers(refusal(desk, article, decisions=[{"accept": [id_]}]))
        assert found == {"/decisions/0/accept/0": "not_of_article"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/decisions"),
        ({"decisions": []}, "/decisions"),
        ({"decisions": [{"reason": "x"}]}, "/decisions/0/accept"),
        ({"decisions": [{"accept": []}]}, "/decisions/0/accept"),
        ({"decisions": [{"reject": ["id"]}]}, "/decisions/0/reason"),
        ({"decisions": [{"reject": ["id"], "reason": " "}]}, "/decisions/0/reason"),
        ({"decisions": [{"reject": ["id"], "reason": "x", "tags": []}]}, "/decisions/0/tags"),
        ({"decisions": [{"accept": ["id"], "verdict": "x"}]}, "/decisions/0/verdict"),
        ({"strategy": {"accept_exact": 0}}, "/strategy/accept_exact"),
        ({"links": [{"accept": ["id"], "relation": "x"}]}, "/links/0/relation"),
        ({"withdraw": ["id"]}, "/withdraw/0"),
    ],
)
def test_bad_input(desk: Desk, body: Json, pointer: str) -> None:
    article = desk.article()
    tagged = desk.tag("ann", article)["id"]
    for name in ("decisions", "links"):
        for item in body.get(name, ()):
            item.update({key: [tagged] for key in ("accept", "reject") if item.get(key) == ["id"]})
    if body.get("withdraw"):
        body = {"withdraw": [tagged]}
    assert pointer in pointers(refusal(desk, article, **body))


def test_nobody_adjudicates_what_only_they_made(desk: Desk) -> None:
    article = desk.article()
    own, other = desk.tag("reviewer", article), desk.tag("ann", article)
    alone = [{"accept": [own["id"]]}]
    assert refusal(desk, article, 403, decisions=alone)["code"] == "own_work"
    adjudicate(desk, article, decisions=[{"accept": [own["id"], other["id"]]}])
    more = desk.tag("reviewer", article, FIGURE)
    by_strategy = adjudicate(desk, article, strategy={"accept_exact": 1})
    assert by_strategy["undecided"]["annotations"] == [more["id"]]
    adjudicate(desk, article, "critic", decisions=[{"accept": [more["id"]]}])


def test_without_the_own_work_rule_they_may(make_desk_with: Callable[..., Desk]) -> None:
    desk = make_desk_with(own_work_rule=False)
    article = desk.article()
    own = desk.tag("reviewer", article)
    adjudicate(desk, article, decisions=[{"accept": [own["id"]]}])
    desk.tag("reviewer", article, FIGURE)
    assert len(adjudicate(desk, article, strategy={"accept_exact": 1})["items"]) == 1


def test_the_strategy_accepts_what_enough_marked_alike_and_nobody_decided(desk: Desk) -> None:
    article = desk.article()
    for name in ("ann", "bo", "cy"):
        desk.tag(name, article)
    two = [desk.tag(name, article, FIGURE) for name in ("ann", "bo")]
    desk.tag("cy", article, FIGURE, target={"exact": "said 9 people"})
    found = adjudicate(desk, article, strategy={"accept_exact": 3})
    assert [item["how"] for item in found["items"]] == ["strategy"]
    assert len(found["undecided"]["annotations"]) == 3
    reject = {"reject": [two[0]["id"]], "reason": "Not a figure."}
    found = adjudicate(desk, article, decisions=[reject], strategy={"accept_exact": 2})
    assert [item["how"] for item in found["items"]] == ["decided"]
    assert [one["kind"] for one in layer(desk, article)] == ["claim"]


@pytest.mark.parametrize(("least", "accepted"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_the_strategy_takes_what_as_many_or_more_marked_alike(
    desk: Desk, least: int, accepted: int
) -> None:
    article = desk.article()
    knows: Json = {**CLAIM, "target": {"exact": "Nobody knows"}}
    for count, body in ((3, CLAIM), (2, FIGURE), (1, knows)):
        for name in ("ann", "bo", "cy")[:count]:
            desk.tag(name, article, body)
    found = adjudicate(desk, article, strategy={"accept_exact": least})
    counts = sorted((len(item["from"]) for item in found["items"]), reverse=True)
    assert counts == [3, 2, 1][:accepted]
    assert len(layer(desk, article)) == accepted
    assert len(found["undecided"]["annotations"]) == 6 - sum(counts)


def test_the_strategy_may_look_at_places_alone(desk: Desk) -> None:
    article = desk.article()
    desk.tag("ann", article, attributes={"statement": "One."})
    desk.tag("bo", article, attributes={"statement": "Another."})
    assert adjudicate(desk, article, strategy={"accept_exact": 2})["items"] == []
    found = adjudicate(desk, article, strategy={"accept_exact": 2, "attributes": False})
    assert len(found["items"]) == 1


def pair_of(desk: Desk, name: str, article: Json) -> tuple[Json, Json]:
    return desk.tag(name, article), desk.tag(name, article, FIGURE)


def test_links_go_over_once_when_both_ends_were_accepted(desk: Desk) -> None:
    article = desk.article()
    ours, theirs = pair_of(desk, "ann", article), pair_of(desk, "bo", article)
    one = desk.link("ann", *ours, basis="numeric", rationale="14 is not 9.")
    other = desk.link("bo", theirs[1], theirs[0])
    claims = [ours[0]["id"], theirs[0]["id"]]
    found = adjudicate(desk, article, decisions=[{"accept": claims}])
    assert links(desk, article) == []
    assert found["undecided"]["links"] == ids([one, other])
    figures = [ours[1]["id"], theirs[1]["id"]]
    found = adjudicate(desk, article, decisions=[{"accept": figures}])
    carried = found["items"][1]
    (link,) = links(desk, article)
    assert {link["from"], link["to"]} == set(ids(layer(desk, article)))
    assert (link["relation"], link["basis"]) == ("contradicts", "numeric")
    assert (link["rationale"], link["state"]) == ("14 is not 9.", "approved")
    assert (carried["about"], carried["how"], carried["result"]) == ("link", "carried", link["id"])
    assert [origin["id"] for origin in carried["from"]] == ids([one, other])
    assert found["undecided"]["links"] == []


def test_a_later_link_of_a_settled_pair_joins_it_or_waits(desk: Desk) -> None:
    article = desk.article()
    ours, theirs = pair_of(desk, "ann", article), pair_of(desk, "bo", article)
    desk.link("ann", *ours)
    strategy = {"strategy": {"accept_exact": 2}}
    first = adjudicate(desk, article, **strategy)["items"]
    later = desk.link("bo", *theirs)
    (joined,) = adjudicate(desk, article, **strategy)["items"]
    assert joined["id"] == first[-1]["id"]
    assert [origin["author"]["name"] for origin in joined["from"]] == ["ann", "bo"]
    assert joined["from"][1]["id"] == later["id"]
    differing = desk.link("critic", *ours, relation="corroborates")
    found = adjudicate(desk, article, **strategy)
    assert (found["items"], found["undecided"]["links"]) == ([], [differing["id"]])
    assert len(links(desk, article)) == 1


def disputed(desk: Desk) -> tuple[Json, list[Json]]:
    """An article of which all spans are settled, and of two links, one against the other."""
    article = desk.article()
    ours, theirs = pair_of(desk, "ann", article), pair_of(desk, "bo", article)
    dispute = [
        desk.link("ann", *ours),
        desk.link("bo", *theirs, relation="corroborates"),
    ]
    found = adjudicate(desk, article, strategy={"accept_exact": 2})
    assert found["undecided"]["links"] == ids(dispute)
    assert links(desk, article) == []
    return article, dispute


def test_where_links_disagree_someone_decides(desk: Desk) -> None:
    article, (one, other) = disputed(desk)
    both = {"accept": ids([other, one]), "basis": "same_statement", "reason": "9 of 14 died."}
    found = adjudicate(desk, article, links=[both], done=True)
    (link,) = links(desk, article)
    assert (link["relation"], link["basis"]) == ("corroborates", "same_statement")
    (item,) = found["items"]
    assert [origin["id"] for origin in item["from"]] == ids([other, one])
    assert (item["changed"], item["reason"]) == (["basis"], "9 of 14 died.")
    assert found["undecided"]["links"] == []


def test_rejecting_one_side_lets_the_other_go_over(desk: Desk) -> None:
    article, (one, other) = disputed(desk)
    reject = {"reject": [one["id"]], "reason": "They count different things."}
    found = adjudicate(desk, article, links=[reject])
    assert [item["how"] for item in found["items"]] == ["decided", "carried"]
    assert [origin["id"] for origin in found["items"][1]["from"]] == [other["id"]]
    assert links(desk, article)[0]["relation"] == "corroborates"


def test_links_are_accepted_between_one_pair_whose_ends_are_settled(desk: Desk) -> None:
    article, (one, other) = disputed(desk)
    again = [{"accept": [one["id"]]}, {"accept": [other["id"]]}]
    found = pointers(refusal(desk, article, links=again))
    assert found == {"/links/1/accept": "already_linked"}
    fresh = desk.link("cy", desk.tag("cy", article), desk.tag("cy", article, FIGURE))
    found = pointers(refusal(desk, article, links=[{"accept": ids([one, fresh])}]))
    assert found == {"/links/0/accept/1": "end_not_accepted"}
    elsewhere = desk.article()
    away = desk.link("ann", *pair_of(desk, "ann", elsewhere))
    found = pointers(refusal(desk, article, links=[{"accept": [away["id"]]}]))
    assert found == {"/links/0/accept/0": "not_of_article"}
    third = desk.tag("ann", article, {**CLAIM, "target": {"exact": "Nobody knows"}})
    side = desk.link("ann", third, desk.tag("ann", article, WIDER))
    settle = {"decisions": [{"accept": [third["id"]]}, {"accept": [side["to"]]}]}
    pairs = [{"accept": ids([one, side])}]
    found = pointers(refusal(desk, article, links=pairs, **settle))
    assert found == {"/links/0/accept": "different_pairs"}


def test_links_to_other_articles_go_over_when_the_second_is_adjudicated(desk: Desk) -> None:
    here, there = desk.article(), desk.article()
    ends = [(desk.tag(name, here), desk.tag(name, there, FIGURE)) for name in ("ann", "bo")]
    for name, pair in zip(("ann", "bo"), ends, strict=True):
        desk.link(name, *pair)
    first = adjudicate(desk, here, strategy={"accept_exact": 2}, done=True)
    assert len(first["undecided"]["links"]) == 2
    second = adjudicate(desk, there, strategy={"accept_exact": 2}, done=True)
    assert [item["how"] for item in second["items"]] == ["strategy", "carried"]
    (link,) = links(desk, here)
    assert link["cross_article"]
    assert second["undecided"]["links"] == []


def test_two_spans_in_one_result_are_not_linked_to_themselves(desk: Desk) -> None:
    article = desk.article()
    one, other = desk.tag("ann", article), desk.tag("bo", article, WIDER)
    desk.link("ann", one, other, relation="corroborates")
    found = adjudicate(desk, article, decisions=[{"accept": ids([one, other])}])
    assert len(found["items"]) == 1
    assert found["undecided"]["links"] == []


def test_a_decision_can_be_withdrawn_with_what_it_made(desk: Desk) -> None:
    article = desk.article()
    ours, theirs = pair_of(desk, "ann", article), pair_of(desk, "bo", article)
    desk.link("ann", *ours)
    first = adjudicate(desk, article, strategy={"accept_exact": 2})["items"]
    assert len(links(desk, article)) == 1
    rejection = {"reject": ids([ours[0], theirs[0]]), "reason": "It is an opinion."}
    claim = next(item for item in first if item["from"][0]["id"] == ours[0]["id"])
    found = adjudicate(desk, article, "critic", withdraw=[claim["id"]], decisions=[rejection])
    assert [one["kind"] for one in layer(desk, article)] == ["figure"]
    assert links(desk, article) == []
    assert [item["action"] for item in found["items"]] == ["reject"]
    back = adjudicate(desk, article, withdraw=[found["items"][0]["id"]])
    assert back["undecided"]["annotations"] == ids([ours[0], theirs[0]])
    assert [item["about"] for item in read_back(desk, article)["items"]] == ["annotation"]


def test_what_was_adjudicated_can_be_changed_and_deleted_like_any_other(desk: Desk) -> None:
    article = desk.article()
    one = desk.tag("ann", article)
    (item,) = adjudicate(desk, article, decisions=[{"accept": [one["id"]]}])["items"]
    path = f"/annotations/{item['result']}"
    changed = desk.as_("critic").patch(path, {"note": "See the report."}, if_match="*")
    assert read(changed)["layer"] == "adjudicated"
    assert desk.as_("manager").delete(path, if_match="*").status_code == 204
    found = read_back(desk, article)
    assert (found["items"], found["undecided"]["annotations"]) == ([], [one["id"]])


def test_done_closes_the_article_until_it_is_reopened(desk: Desk) -> None:
    article = desk.article()
    one = desk.tag("ann", article)
    found = adjudicate(desk, article, done=True)
    assert found["article"] == {"id": article["id"], "state": "adjudicated", "version": 2}
    assert found["undecided"]["annotations"] == [one["id"]]
    accept = [{"accept": [one["id"]]}]
    closed = refusal(desk, article, 409, decisions=accept)
    assert (closed["code"], closed["state"]) == ("illegal_move", "adjudicated")
    assert closed["legal"] == ["reopen"]
    path = f"/articles/{article['id']}/adjudication/reopen"
    reopened = read(desk.as_("critic").post(path))
    assert reopened == {"id": article["id"], "state": "open", "version": 3}
    again = assert_problem(desk.as_("critic").post(path), 409, "illegal_move")
    assert (again["state"], again["legal"]) == ("open", ["adjudicate"])
    adjudicate(desk, article, decisions=accept, done=True)
    assert read(desk.as_("ann").get(f"/articles/{article['id']}"))["state"] == "adjudicated"


def test_an_article_without_annotations_can_be_done(desk: Desk) -> None:
    article = desk.article()
    found = adjudicate(desk, article, strategy={"accept_exact": 1}, done=True)
    assert (found["items"], found["article"]["state"]) == ([], "adjudicated")


def test_all_or_nothing(desk: Desk) -> None:
    article = desk.article()
    ours = pair_of(desk, "ann", article)
    link = desk.link("ann", *ours)
    decisions = [{"accept": [ours[0]["id"]]}]
    refusal(desk, article, decisions=decisions, links=[{"accept": [link["id"]]}], done=True)
    assert layer(desk, article) == []
    assert read_back(desk, article)["items"] == []
    assert read_back(desk, article)["article"]["state"] == "open"


def test_history_tells_of_decisions_and_of_the_article(desk: Desk) -> None:
    article = desk.article()
    one, other = desk.tag("ann", article), desk.tag("bo", article, FIGURE)
    reject = {"reject": [other["id"]], "reason": "No figure."}
    _, rejected = adjudicate(desk, article, decisions=[{"accept": [one["id"]]}, reject], done=True)[
        "items"
    ]
    adjudicate_again = f"/articles/{article['id']}/adjudication/reopen"
    read(desk.as_("reviewer").post(adjudicate_again))
    adjudicate(desk, article, withdraw=[rejected["id"]])
    changes = told_with(desk.as_("manager"), desk.path, desk.article()["id"])
    told = [(change["thing"], change["action"]) for change in changes]
    for expected in (
        ("adjudication", "accepted"),
        ("adjudication", "rejected"),
        ("adjudication", "withdrawn"),
        ("article", "adjudicated"),
        ("article", "reopened"),
    ):
        assert expected in told
    (said,) = [change for change in changes if change["action"] == "rejected"]
    assert said["after"]["reason"] == "No figure."
    assert said["after"]["from"] == [other["id"]]


def test_annotators_do_not_adjudicate_and_the_blind_do_not_read(blind: Desk) -> None:
    article = blind.article()
    one = blind.tag("bo", article)
    refusal(blind, article, 403, "ann", decisions=[{"accept": [one["id"]]}])
    adjudicate(blind, article, decisions=[{"accept": [one["id"]]}])
    path = f"/articles/{article['id']}/adjudication"
    assert_problem(blind.as_("ann").get(path), 403, "blind")
    seen = told_with(blind.as_("ann"), blind.path, blind.article()["id"])
    assert {change["thing"] for change in seen} <= {"article", "project", "member", "membership"}
    blind.done("ann", article["id"])
    assert len(read_back(blind, article, "ann")["items"]) == 1


def test_two_adjudicators_at_the_same_moment(desk: Desk) -> None:
    article = desk.article()
    one = desk.tag("ann", article)
    body = {"decisions": [{"accept": [one["id"]]}]}
    path = f"/articles/{article['id']}/adjudication"
    names = ["reviewer", "critic"] * 3
    answers = at_once(*(lambda name=name: desk.as_(name).post(path, body) for name in names))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 5
    assert len(layer(desk, article)) == 1


@pytest.mark.parametrize("decided", ["by a decision", "by a strategy"])
def test_what_is_deleted_at_the_same_moment_is_not_accepted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, decided: str
) -> None:
    if desk.app.database.dialect == "sqlite":
        pytest.skip("who adjudicates has the only turn by then, and nobody deletes")
    article = desk.article()
    one, two = desk.tag("ann", article), desk.tag("bo", article)
    bases = queries.bases

    def late(ids: list[str]) -> Any:
        for name, thing in (("ann", one), ("bo", two)):
            delete = partial(desk.as_(name).delete, path_of(thing), if_match="*")
            deleting = Thread(target=delete)
            deleting.start()
            deleting.join()
        return bases(ids)

    monkeypatch.setattr(queries, "bases", late)
    wanted: Json = {"decisions": [{"accept": [one["id"]]}]}
    if decided == "by a strategy":
        wanted = {"strategy": {"accept_exact": 2}}
    assert refusal(desk, article, 409, **wanted)["code"] == "conflict"
    assert read_back(desk, article)["items"] == []


def test_an_article_is_adjudicated_or_deleted_and_neither_waits_for_the_other_for_ever(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = desk.article()
    one = desk.tag("ann", article)
    path, body = f"/articles/{article['id']}", {"decisions": [{"accept": [one["id"]]}]}
    hold = article_queries.get_for_revision

    def slowly(*given: Any) -> Any:
        time.sleep(0.5)  # its texts are held by now, and the article not yet
        return hold(*given)

    def adjudicate() -> int:
        time.sleep(0.2)
        return desk.as_("reviewer").post(f"{path}/adjudication", body).status_code

    monkeypatch.setattr(article_queries, "get_for_revision", slowly)
    delete = desk.as_("manager").delete
    statuses = at_once(lambda: delete(path, if_match="*").status_code, adjudicate)
    assert statuses in ([204, 404], [204, 201])


def test_a_retry_with_the_same_key_decides_once(desk: Desk) -> None:
    article = desk.article()
    one = desk.tag("ann", article)
    body = {"decisions": [{"accept": [one["id"]]}]}
    path = f"/articles/{article['id']}/adjudication"
    first, again = (desk.as_("reviewer").post(path, body, key="settle-1") for _ in range(2))
    assert made(first) == made(again)
    assert len(layer(desk, article)) == 1


def test_too_many_ids_at_once(desk: Desk, make_app: Any) -> None:
    article = desk.article()
    tagged = [desk.tag("ann", article)["id"] for _ in range(3)]
    small = Desk(make_app(max_items_per_request=2), desk.project, desk.people)
    refusal(small, article, 413, decisions=[{"accept": tagged}])


def test_the_number_of_statements_does_not_grow(
    desk: Desk, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def cost(count: int) -> int:
        article = desk.article()
        decisions = []
        for start in range(count):
            ends = [
                desk.tag("ann", article, target={"start": place, "end": place + 3})
                for place in (2 * start, 40 + 2 * start)
            ]
            desk.link("ann", *ends)
            decisions += [{"accept": [end["id"]]} for end in ends]
        with statements() as seen:
            adjudicate(desk, article, decisions=decisions)
        return len(seen)

    assert cost(5) == cost(1)


def test_pages(desk: Desk) -> None:
    article = desk.article()
    tagged = [desk.tag("ann", article), desk.tag("bo", article, FIGURE)]
    found = adjudicate(desk, article, decisions=[{"accept": [one["id"]]} for one in tagged])
    first = read_back(desk, article, limit=1)
    rest = read_back(desk, article, limit=1, after=first["next"])
    assert first["items"] + rest["items"] == found["items"]
    assert rest["next"] is None
