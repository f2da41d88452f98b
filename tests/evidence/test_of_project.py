"""Groups, conflicts and discrepancies of a project, over HTTP."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from app.evidence import service
from tests.evidence.newsroom import Newsroom, ids
from tests.reviews.desk import read
from tests.support.problems import assert_problem, pointers

Json = dict[str, Any]
LISTS = ("clusters", "conflicts", "discrepancies")


def test_groups_and_what_contradicts_them(room: Newsroom) -> None:
    one, two, three = (room.claim(f"P{n}") for n in range(3))
    four, five, lonely = (room.claim(f"P{n}") for n in range(3, 6))
    room.agree(one, two)
    room.agree(two, three)
    room.agree(four, five)
    link = room.differ(three, five)
    other = room.differ(one, lonely)
    first, second = room.told("clusters")
    assert (first["id"], first["size"]) == (one["id"], 3)
    assert ids(first["members"]) == [one["id"], two["id"], three["id"]]
    assert (first["articles"], first["origins"], first["conflicts"]) == (3, 3, 0)
    assert first["contradicted_by"] == 2
    assert first["contradictions"] == [
        {"cluster": four["id"], "size": 2, "links": [link["id"]]},
        {"cluster": lonely["id"], "size": 1, "links": [other["id"]]},
    ]
    assert second["contradictions"] == [{"cluster": one["id"], "size": 3, "links": [link["id"]]}]
    alone = room.told("clusters", min_size=1)[2]
    assert (alone["id"], alone["size"], alone["origins"]) == (lonely["id"], 1, 1)


def test_members_of_one_origin_are_counted_once(room: Newsroom) -> None:
    one, two, three = (room.claim(name) for name in ("Courier", "Courier", "Ledger"))
    room.agree(one, two)
    room.agree(two, three)
    assert room.told("clusters")[0]["origins"] == 2
    room.agree(one, three, independence="same_origin")
    assert room.told("clusters")[0]["origins"] == 1


def test_groups_are_chosen_and_listed_as_asked(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = room.claim("P0", tags=["dead"]), room.claim("P1")
    three, four, five = room.claim("P2"), room.claim("P3"), room.claim("P4")
    room.agree(one, two)
    room.agree(three, four)
    room.agree(four, five)
    room.differ(five, room.claim("P5"))

    def names(**query: Any) -> list[str]:
        return [item["id"] for item in room.told("clusters", **query)]

    assert names() == [three["id"], one["id"]]
    assert names(tag="dead") == [one["id"]]
    assert names(annotation=five["id"]) == [three["id"]]
    assert names(article=two["article_id"], tag="dead") == []
    assert names(article=one["article_id"], tag="dead") == [one["id"]]
    assert names(contradicted="true") == [three["id"]]
    assert names(contradicted="false") == [one["id"]]
    assert names(min_size=3) == [three["id"]]
    assert names(kind="figure") == []
    page = read(room.ask("clusters", limit=1))
    assert [item["id"] for item in page["items"]] == [three["id"]]
    assert names(limit=1, after=page["next"]) == [one["id"]]
    monkeypatch.setattr(service, "MOST_COUNTED", 3)
    first, second = room.told("clusters", most=1)
    assert (ids(first["members"]), first["size"], first["origins"]) == ([three["id"]], 3, 3)
    assert (ids(second["members"]), second["size"], second["origins"]) == ([one["id"]], 2, None)


def test_a_contradiction_inside_a_group_comes_with_its_chain(room: Newsroom) -> None:
    one, two, three, four = (room.claim(f"P{n}", tags=[f"t{n}"]) for n in range(4))
    first, second = room.agree(one, two), room.agree(two, three)
    room.agree(three, four)
    room.agree(four, one)
    room.differ(four, room.claim("P5"))
    assert room.told("conflicts") == []
    against = room.differ(three, one, rationale="They differ.")
    (conflict,) = room.told("conflicts")
    assert conflict["contradiction"] == read(room.desk.as_("viewer").get(f"/links/{against['id']}"))
    assert (conflict["cluster"], conflict["cluster_size"]) == (one["id"], 4)
    assert ids(conflict["ends"]) == [three["id"], one["id"]]
    assert ids(conflict["chain"]) in (
        [three["id"], two["id"], one["id"]],
        [three["id"], four["id"], one["id"]],
    )
    assert conflict["chain"][0]["link"] is None
    assert room.told("conflicts", tag="t0") == [conflict]
    assert room.told("conflicts", tag="t1") == []
    room.reject(first)
    room.reject(second)
    assert len(room.told("conflicts")[0]["chain"]) == 3
    assert room.told("conflicts", state="approved") == []


def test_conflicts_come_in_pages(room: Newsroom) -> None:
    pairs = [(room.claim(f"A{n}"), room.claim(f"B{n}")) for n in range(3)]
    for one, other in pairs:
        room.agree(one, other)
    made = [room.differ(one, other, by="bo")["id"] for one, other in pairs]
    seen, query = [], {"limit": 2}
    while True:
        page = read(room.ask("conflicts", **query))
        seen += [item["contradiction"]["id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == made


def test_figures_that_cannot_both_hold_side_by_side(room: Newsroom) -> None:
    october = {"value": "2015-10", "precision": "month"}
    first = room.figure("40", as_of=october, comparator="at_least")
    second = room.figure("12", form="words")
    (found,) = room.told("discrepancies")
    assert (found["linked"], found["link"], found["dates"]) == ("none", None, "unknown")
    one, other = found["figures"]
    assert ids([one, other]) == [first["id"], second["id"]]
    assert (one["value"], one["comparator"], one["unit"]) == ("40", "at_least", "person")
    assert one["as_of"] == october
    assert one["reads_as"] == {
        "unit": "person",
        "low": "40",
        "high": None,
        "low_included": True,
        "high_included": False,
    }
    assert (other["reads_as"]["low"], other["reads_as"]["high"]) == ("11.5", "12.5")
    link = room.agree(first, second)
    (found,) = room.told("discrepancies")
    assert (found["linked"], found["link"]) == ("corroborates", link["id"])
    assert room.told("discrepancies", linked="none") == []
    room.reject(link)
    assert room.told("discrepancies", linked="corroborates") == []
    against = room.differ(first, second, by="bo")
    assert room.told("discrepancies") == []
    (known,) = room.told("discrepancies", linked="contradicts")
    assert known["link"] == against["id"]


def test_tolerance_is_the_readers_choice(room: Newsroom) -> None:
    room.figure("1700", comparator="approx")
    room.figure("1900")
    assert len(room.told("discrepancies")) == 1
    assert room.told("discrepancies", tolerance=12) == []


def test_discrepancies_come_in_pages_and_can_be_narrowed(room: Newsroom) -> None:
    made = [room.figure(value) for value in ("10", "20", "30")]
    expected = [
        (made[0]["id"], made[1]["id"]),
        (made[0]["id"], made[2]["id"]),
        (made[1]["id"], made[2]["id"]),
    ]
    seen, query = [], {"limit": 2}
    while True:
        page = read(room.ask("discrepancies", **query))
        assert page["complete"]
        seen += [tuple(ids(item["figures"])) for item in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == expected
    narrow = room.told("discrepancies", annotation=made[1]["id"])
    assert [tuple(ids(item["figures"])) for item in narrow] == [expected[0], expected[2]]


def test_adjudicated_figures_count_as_their_result(room: Newsroom) -> None:
    article = room.desk.article(text="14 people")
    one = room.figure("40", article=article)
    other = room.figure("12")
    room.adjudicate(
        article["id"], decisions=[{"accept": [one["id"]], "attributes": {"value": "41"}}]
    )
    (found,) = room.told("discrepancies")
    assert [figure["value"] for figure in found["figures"]] == ["12", "41"]
    assert [figure["annotation"]["layer"] for figure in found["figures"]] == [
        "annotator",
        "adjudicated",
    ]
    (left,) = room.told("discrepancies", layer="annotator")
    assert sorted(ids(left["figures"])) == sorted([one["id"], other["id"]])


def test_what_marks_an_earlier_text_does_not_count(room: Newsroom) -> None:
    one, other = room.claim("A"), room.claim("B")
    room.agree(one, other)
    assert len(room.told("clusters")) == 1
    answer = room.desk.as_("manager").put(
        f"/articles/{one['article_id']}/text", {"text": "A correction."}, if_match="*"
    )
    assert answer.status_code == 200, answer.text
    assert room.told("clusters") == []
    assert room.evidence(other)["items"] == []


@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_statements_is_constant(
    room: Newsroom,
    name: str,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    def grow() -> int:
        one, two = room.figure("1"), room.figure("20")
        room.agree(one, two)
        room.differ(one, two, by="bo")
        room.agree(room.claim("A"), room.claim("B"))
        with statements() as seen:
            assert room.told(name)
        return len(seen)

    first = grow()
    for _ in range(3):
        assert grow() == first
    assert first <= 6


@pytest.mark.parametrize("name", [*LISTS, "graph"])
def test_unknown_parameters_and_unknown_projects(room: Newsroom, name: str) -> None:
    answer = room.ask(name, colour="red")
    assert pointers(assert_problem(answer, 422)) == {"/colour": "unknown_field"}
    elsewhere = room.desk.as_("viewer").get(f"/projects/none/evidence/{name}")
    assert_problem(elsewhere, 404)
    if name != "graph":
        assert_problem(room.ask(name, after="bm9uZQ"), 400, "bad_cursor")


def test_the_graph_in_every_format(room: Newsroom) -> None:
    one, two, three = room.claim("P1", tags=["x"]), room.claim("P2"), room.claim("P3")
    first, second = room.agree(one, two, independence="independent"), room.differ(two, three)
    room.claim("not linked")
    answer = room.ask("graph")
    assert answer.content_type == "application/json"
    found = json.loads(answer.get_data())
    assert [node["id"] for node in found["nodes"]] == [one["id"], two["id"], three["id"]]
    assert found["nodes"][0]["publisher"] == "P1"
    assert found["links"] == [
        {
            "key": first["id"],
            "source": one["id"],
            "target": two["id"],
            "relation": "corroborates",
            "sign": 1,
            "independence": "independent",
        },
        {
            "key": second["id"],
            "source": two["id"],
            "target": three["id"],
            "relation": "contradicts",
            "sign": -1,
            "independence": None,
        },
    ]

    def links(**query: Any) -> list[str]:
        return [link["key"] for link in json.loads(room.ask("graph", **query).get_data())["links"]]

    assert links(relation="contradicts") == [second["id"]]
    assert links(tag="x") == [first["id"]]
    assert links(annotation=three["id"]) == [second["id"]]
    assert links(article=two["article_id"]) == [first["id"], second["id"]]
    assert links(state="approved") == []
    for name, kind in (("graphml", "application/graphml+xml"), ("dot", "text/vnd.graphviz")):
        answer = room.ask("graph", format=name)
        assert answer.content_type == kind
        assert answer.headers["Content-Disposition"].endswith(f'-evidence.{name}"')
        for id_ in (one["id"], second["id"]):
            assert id_.encode() in answer.get_data()
    head = room.desk.as_("viewer").call("HEAD", f"{room.desk.path}/evidence/graph")
    assert (head.status_code, head.get_data()) == (200, b"")


def test_a_graph_takes_an_export_seat_while_it_streams(make_app: Any, room: Newsroom) -> None:
    app = make_app(export_streams=1)
    viewer = type(room.desk)(app, room.desk.project, room.desk.people).as_("viewer")
    path = f"{room.desk.path}/evidence/graph"
    first = viewer.get(path, buffered=False)
    document = assert_problem(viewer.get(path), 503, "too_many_streams")
    assert "EXPORT_STREAMS" in document["detail"]
    # A graph and an export are streams of one bound, so that some threads are left for others.
    assert_problem(viewer.get(f"{room.desk.path}/export"), 503, "too_many_streams")
    first.close()
    assert viewer.get(path).status_code == 200
    assert viewer.get(path).status_code == 200
