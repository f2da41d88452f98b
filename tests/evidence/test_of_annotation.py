"""What supports and opposes an annotation, over HTTP."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.evidence import service
from tests.evidence.newsroom import Newsroom, ids
from tests.reviews.desk import read
from tests.support.problems import assert_problem, pointers


def counts(room: Newsroom, annotation: dict[str, object], **query: object) -> tuple[int, int]:
    """Independent support and opposition."""
    found = room.evidence(annotation, **query)
    return found["independent_support"], found["independent_opposition"]


def test_each_item_says_where_it_comes_from_and_by_which_link(room: Newsroom) -> None:
    claim = room.claim("Courier")
    one, other = room.quoted("Ledger", "The army"), room.claim("Observer", credited_source="Wire")
    link = room.agree(claim, one, independence="independent")
    against = room.differ(other, claim)
    found = room.evidence(claim)
    assert (found["annotation_id"], found["counted_as"]) == (claim["id"], claim["id"])
    assert found["article"]["publisher"] == "Courier"
    assert (found["supporting"], found["opposing"], found["disputed"]) == (1, 1, 0)
    assert (found["independent_support"], found["independent_opposition"]) == (1, 1)
    assert (found["complete"], found["next"]) == (True, None)
    first, second = found["items"]
    assert first["annotation"]["id"] == one["id"]
    assert first["annotation"]["exact"] == one["target"]["exact"]
    assert first["article"]["publisher"] == "Ledger"
    assert [source["name"] for source in first["sources"]] == ["The army"]
    assert (first["stance"], first["hops"], first["contested"]) == ("supports", 1, False)
    assert (first["independent"], first["shares"], first["origin"]) == (True, [], 1)
    step = {"link": link["id"], "relation": "corroborates", "independence": "independent"}
    assert first["chains"] == [{"stance": "supports", "steps": [{**step, "to": one["id"]}]}]
    assert second["article"]["credited_source"] == "Wire"
    assert (second["stance"], second["origin"]) == ("opposes", 2)
    assert second["chains"][0]["steps"][0]["link"] == against["id"]


def test_two_articles_that_quote_one_source_count_once(room: Newsroom) -> None:
    claim = room.claim("Courier")
    for publisher in ("Ledger", "Observer"):
        room.agree(claim, room.quoted(publisher, "The army"))
    assert counts(room, claim) == (1, 0)
    room.agree(claim, room.quoted("Review", "The mayor", words="the mayor"))
    assert counts(room, claim) == (2, 0)
    assert [item["origin"] for item in room.evidence(claim)["items"]] == [1, 1, 2]


def test_names_of_one_source_and_a_publisher_of_that_name_are_one(room: Newsroom) -> None:
    claim = room.claim("Courier")
    made = room.desk.as_("ann").post(
        f"{room.desk.path}/sources", {"name": "Agence", "aliases": ["AFP"], "type": "media"}
    )
    assert made.status_code == 201
    room.agree(claim, room.quoted("Ledger", "afp"))
    room.agree(claim, room.quoted("Observer", "Agence"))
    room.agree(claim, room.claim("AFP"))
    assert counts(room, claim) == (1, 0)
    assert room.evidence(claim)["items"][0]["sources"] == [
        {"id": made.json["id"], "name": "Agence"}
    ]


def test_unnamed_sources_are_not_taken_for_one(room: Newsroom) -> None:
    claim = room.claim("Courier")
    for publisher in ("Ledger", "Observer"):
        room.agree(claim, room.quoted(publisher, "officials", type_="unnamed"))
    assert counts(room, claim) == (2, 0)


@pytest.mark.parametrize(
    ("shared", "more"),
    [
        (["publisher"], {"publisher": "COURIER "}),
        (["credited_source"], {"publisher": "Ledger", "credited_source": "courier"}),
    ],
)
def test_the_same_outlet_is_no_independent_support(
    room: Newsroom, shared: list[str], more: dict[str, str]
) -> None:
    claim = room.claim("Courier")
    other = room.claim(**more)
    room.agree(claim, other)
    (item,) = room.evidence(claim)["items"]
    assert (item["independent"], item["shares"], item["origin"]) == (False, shared, 0)
    assert counts(room, claim) == (0, 0)
    room.agree(claim, other, by="bo", independence="independent")
    assert counts(room, claim) == (1, 0)
    room.agree(claim, other, by="cy", independence="same_origin")
    (item,) = room.evidence(claim)["items"]
    assert item["shares"] == ["same_origin"]


def test_the_same_article_is_one_origin(room: Newsroom) -> None:
    claim = room.claim("Courier")
    near = room.tag(claim["article_id"], "Nobody knows more")
    room.differ(claim, near)
    assert counts(room, claim) == (0, 0)
    assert room.evidence(claim)["items"][0]["shares"] == ["article", "publisher"]


def test_signs_add_up_along_chains_and_stop_before_a_second_contradiction(room: Newsroom) -> None:
    one, two, three, four, five = (room.claim(f"P{n}") for n in range(5))
    room.agree(one, two)
    room.agree(two, three)
    room.differ(three, four)
    room.differ(four, five)
    assert ids(room.evidence(one)["items"]) == [two["id"]]
    found = room.evidence(one, depth=4)
    assert [(item["hops"], item["stance"]) for item in found["items"]] == [
        (1, "supports"),
        (2, "supports"),
        (3, "opposes"),
    ]
    assert [step["to"] for step in found["items"][2]["chains"][0]["steps"]] == [
        two["id"],
        three["id"],
        four["id"],
    ]
    assert counts(room, one, depth=4) == (2, 1)
    assert counts(room, five, depth=4) == (0, 1)


def test_what_is_linked_both_ways_is_disputed_and_counts_for_neither(room: Newsroom) -> None:
    one, other = room.claim("A"), room.claim("B")
    room.agree(one, other)
    room.differ(one, other, by="bo")
    found = room.evidence(one)
    assert found["items"][0]["stance"] == "disputed"
    assert (found["disputed"], found["independent_support"]) == (1, 0)


def test_what_was_rejected_is_no_evidence_and_states_can_be_asked_for(room: Newsroom) -> None:
    claim, draft, approved, rejected = (room.claim(f"P{n}") for n in range(4))
    room.agree(claim, draft, state="draft")
    link = room.agree(claim, approved)
    room.agree(claim, rejected)
    gone = room.claim("P4")
    room.reject(room.agree(claim, gone))
    room.reject(rejected)
    room.approve(claim, approved, link)
    assert ids(room.evidence(claim)["items"]) == [draft["id"], approved["id"]]
    assert ids(room.evidence(claim, state="submitted")["items"]) == [approved["id"]]
    assert ids(room.evidence(claim, state="approved")["items"]) == [approved["id"]]
    found = room.evidence(rejected)
    assert (found["counted_as"], found["items"]) == (None, [])


def test_what_was_adjudicated_counts_once_and_as_its_result(room: Newsroom) -> None:
    article = room.desk.article(text="14 people", source={"publisher": "Courier"})
    ann, bo = room.tag(article), room.tag(article, by="bo")
    other, third = room.claim("Ledger"), room.claim("Observer")
    room.agree(ann, other)
    room.agree(bo, other, by="bo")
    room.differ(bo, third, by="bo")
    assert room.evidence(other)["supporting"] == 2
    made = room.adjudicate(
        article["id"], decisions=[{"accept": [ann["id"], bo["id"]], "reason": "Same."}]
    )
    settled = made["items"][0]["result"]
    assert ids(room.evidence(other)["items"]) == [settled]
    for asked in (ann, bo, {"id": settled}):
        found = room.evidence(asked)
        assert found["counted_as"] == settled
        assert ids(found["items"]) == [other["id"], third["id"]]
        assert (found["independent_support"], found["independent_opposition"]) == (1, 1)
    assert ids(room.evidence(other, layer="annotator")["items"]) == [ann["id"], bo["id"]]
    assert room.evidence({"id": settled}, layer="adjudicated")["items"] == []


def test_what_adjudication_rejects_is_no_evidence(room: Newsroom) -> None:
    article = room.desk.article(text="14 people")
    one, other = room.tag(article), room.claim("Ledger")
    room.agree(one, other)
    room.adjudicate(article["id"], decisions=[{"reject": [one["id"]], "reason": "No claim."}])
    assert room.evidence(other)["items"] == []
    assert room.evidence(one)["counted_as"] is None
    assert len(room.evidence(other, layer="annotator")["items"]) == 1


def test_pages_are_told_apart_and_add_up(room: Newsroom) -> None:
    claim = room.claim("Courier")
    others = [room.claim(f"P{n}") for n in range(5)]
    for other in others:
        room.agree(claim, other)
    path = f"/annotations/{claim['id']}/evidence"
    viewer = room.desk.as_("viewer")
    seen: list[str] = []
    after: str | None = None
    while True:
        answer = viewer.get(path, query={"limit": 2, **({"after": after} if after else {})})
        page = read(answer)
        assert page["independent_support"] == 5
        seen += ids(page["items"])
        after = page["next"]
        assert ("Link" in answer.headers) == (after is not None)
        if after is None:
            break
    assert seen == sorted(other["id"] for other in others)
    assert_problem(viewer.get(path, query={"after": "x"}), 400, "bad_cursor")


def test_an_answer_that_is_known_is_not_sent_again(room: Newsroom) -> None:
    claim = room.claim("Courier")
    viewer = room.desk.as_("viewer")
    path = f"/annotations/{claim['id']}/evidence"
    first = viewer.get(path)
    assert first.headers["ETag"]
    assert viewer.get(path, if_none_match=first).status_code == 304
    room.agree(claim, room.claim("Ledger"))
    assert viewer.get(path, if_none_match=first).status_code == 200


def test_more_links_than_are_followed_are_told(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = room.claim("Courier")
    for n in range(3):
        room.agree(claim, room.claim(f"P{n}"))
    monkeypatch.setattr(service, "MOST_REACHED", 2)
    found = room.evidence(claim)
    assert (found["complete"], found["supporting"]) == (False, 2)


def test_the_number_of_statements_does_not_grow_with_the_links(
    room: Newsroom, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    claim = room.claim("Courier")
    with statements() as alone:
        room.evidence(claim)
    for n in range(6):
        room.agree(claim, room.quoted(f"P{n}", f"Source {n}"))
    with statements() as linked:
        room.evidence(claim)
    assert len(linked) == len(alone) <= 8
    with statements() as deep:
        room.evidence(claim, depth=4)
    assert len(deep) <= len(linked) + 3 * 2


def test_what_is_not_there_or_not_known_is_refused(room: Newsroom) -> None:
    claim = room.claim("Courier")
    viewer = room.desk.as_("viewer")
    ghost = "/annotations/01a20a82-a638-7c17-8c1e-4734bcdf9532/evidence"
    assert_problem(viewer.get(ghost), 404)
    for query, code in (
        ({"depth": "0"}, "out_of_range"),
        ({"depth": "5"}, "out_of_range"),
        ({"state": "rejected"}, "not_a_choice"),
        ({"layer": "both"}, "not_a_choice"),
        ({"tag": "x"}, "unknown_field"),
    ):
        answer = viewer.get(f"/annotations/{claim['id']}/evidence", query=query)
        assert list(pointers(assert_problem(answer, 422)).values()) == [code]
