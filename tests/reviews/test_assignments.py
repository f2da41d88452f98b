"""Assignments: who is given what, how it goes on, and how far the work is."""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest

from app.kernel.db import unit_of_work
from app.web.application import Application
from tests.factories.accounts import add_person
from tests.reviews.desk import Desk, made, make_desk, read
from tests.support.api import Answer, Api
from tests.support.problems import assert_problem, pointers
from tests.support.together import at_once

Json = dict[str, Any]
Counting = Callable[[], AbstractContextManager[list[str]]]
THREE = "ann bo cy"


def ask(desk: Desk, body: Json, name: str = "manager", **query: Any) -> Answer:
    path = f"{desk.path}/assignments"
    return desk.as_(name).post(path, {"task": "annotate", **body}, query=query)


def listed(desk: Desk, name: str = "manager", **query: Any) -> list[Json]:
    found = desk.as_(name).get(f"{desk.path}/assignments", query=query)
    return list(read(found)["items"])


def progress(desk: Desk, name: str = "manager") -> Json:
    return read(desk.as_(name).get(f"{desk.path}/assignments/progress"))


def test_articles_are_spread_evenly_with_the_overlap_asked_for(desk: Desk) -> None:
    articles = desk.articles(6)
    found = desk.assign(articles, THREE, overlap=2, due_on="2030-01-31")
    assert found["dry_run"] is False
    assert found["short"] == []
    assert Counter(seat["article_id"] for seat in found["items"]) == dict.fromkeys(articles, 2)
    assert [gain["added"] for gain in found["people"]] == [4, 4, 4]
    assert [gain["before"] for gain in found["people"]] == [0, 0, 0]
    pairs = {
        frozenset(seat["user"]["name"] for seat in found["items"] if seat["article_id"] == article)
        for article in articles
    }
    assert len(pairs) == 3
    seats = listed(desk)
    assert [seat["id"] for seat in seats] == [seat["id"] for seat in found["items"]]
    for seat, planned in zip(seats, found["items"], strict=True):
        assert (seat["article"]["id"], seat["user"]) == (planned["article_id"], planned["user"])
        assert (seat["state"], seat["due_on"], seat["task"]) == ("open", "2030-01-31", "annotate")
        same = ("id", "version", "task", "user", "state", "due_on")
        assert [seat[name] for name in same] == [planned[name] for name in same]
    assert read(desk.as_("viewer").get(f"/assignments/{seats[0]['id']}")) == seats[0]


@pytest.mark.parametrize("named", ["people", "nobody", "filter"])
@pytest.mark.parametrize("where", ["query", "body"])
def test_a_preview_tells_the_same_and_writes_nothing(desk: Desk, where: str, named: str) -> None:
    body: Json = {"articles": desk.articles(3), "overlap": 2}
    if named != "nobody":
        body["users"] = [desk.id(name) for name in THREE.split()]
    if named == "filter":
        del body["articles"]
        body["filter"] = {"assigned": False}
    if where == "query":
        preview = read(ask(desk, body, dry_run="true"))
    else:
        preview = read(ask(desk, {**body, "dry_run": True}))
    assert preview["dry_run"] is True
    assert listed(desk) == []
    done = made(ask(desk, body))
    for seat in done["items"]:
        assert (seat.pop("id") is None, seat.pop("version")) == (False, 1)
    assert {**done, "dry_run": True} == preview


def test_asking_twice_adds_nothing_and_asking_for_more_adds_what_lacks(desk: Desk) -> None:
    articles = desk.articles(4)
    desk.assign(articles, THREE, overlap=1)
    assert desk.assign(articles, THREE, overlap=1)["items"] == []
    more = desk.assign(articles, THREE, overlap=2)
    assert Counter(seat["article_id"] for seat in more["items"]) == dict.fromkeys(articles, 1)
    seats = Counter((seat["article"]["id"], seat["user"]["name"]) for seat in listed(desk))
    assert len(seats) == sum(seats.values()) == 8
    one = desk.assign(articles[:1], "reviewer", overlap=3)["items"]
    assert [seat["user"]["name"] for seat in one] == ["reviewer"]


def test_the_projects_overlap_counts_where_none_is_asked_for(app: Application) -> None:
    desk = make_desk(app, overlap=3)
    assert len(desk.assign(desk.articles(2), THREE)["items"]) == 6
    assert len(desk.assign(desk.articles(2))["items"]) == 6


def test_a_filter_says_which_articles(desk: Desk) -> None:
    tass = desk.article(source={"publisher": "TASS"})["id"]
    desk.article(source={"publisher": "AFP"})
    found = made(ask(desk, {"filter": {"publisher": "TASS"}}))
    assert [seat["article_id"] for seat in found["items"]] == [tass]
    rest = made(ask(desk, {"filter": {"assigned": False}}))
    assert len(rest["items"]) == 1
    nothing = assert_problem(ask(desk, {"filter": {"assigned": False}}), 422, "nothing_matches")
    assert pointers(nothing) == {"/filter": "nothing_matches"}
    assert made(ask(desk, {"filter": {"assigned": True}}))["items"] == []
    assert len(made(ask(desk, {"filter": {"q": "strike"}, "task": "review"}))["items"]) == 2


def test_who_cannot_do_the_task_is_named(app: Application, desk: Desk) -> None:
    (article,) = desk.articles(1)
    outsider = make_desk(app).id("ann")
    users = [desk.id("ann"), outsider, desk.id("viewer")]
    problem = assert_problem(ask(desk, {"articles": [article], "users": users}), 422)
    assert pointers(problem) == {"/users/1": "not_a_member", "/users/2": "role_too_low"}
    body = {"articles": [article], "users": [desk.id("ann")], "task": "review"}
    assert pointers(assert_problem(ask(desk, body), 422)) == {"/users/0": "role_too_low"}


@pytest.mark.parametrize("gone", ["left", "demoted", "disabled"])
def test_who_cannot_go_on_leaves_the_seats_to_others(
    app: Application, desk: Desk, gone: str
) -> None:
    begun, untouched, finished = articles = desk.articles(3)
    desk.assign(articles, "ann", overlap=1)
    seats = {seat["article"]["id"]: seat for seat in listed(desk)}
    desk.move("ann", seats[begun], "in_progress")
    desk.move("ann", seats[finished], "done")
    assert desk.assign(articles, "bo", overlap=1)["items"] == []
    member = f"{desk.path}/members/{desk.id('ann')}"
    if gone == "left":
        desk.as_("manager").delete(member, if_match="*")
    elif gone == "demoted":
        desk.as_("manager").put(member, {"role": "viewer"})
    else:
        with unit_of_work(app.database):
            admin = Api(app, add_person(app, is_admin=True).token)
        admin.patch(f"/users/{desk.id('ann')}", {"disabled": True}, if_match="*")
    named = ask(desk, {"articles": articles, "users": [desk.id("ann")]})
    codes = {"left": "not_a_member", "demoted": "role_too_low", "disabled": "disabled_user"}
    assert pointers(assert_problem(named, 422)) == {"/users/0": codes[gone]}
    body = {"filter": {"assigned": False}, "users": [desk.id("bo")], "overlap": 1}
    anew = made(ask(desk, body))["items"]
    assert {seat["article_id"] for seat in anew} == {begun, untouched}
    assert desk.assign(articles, "bo", overlap=1)["items"] == []


def test_bad_wishes_are_refused_by_name(app: Application, desk: Desk) -> None:
    (article,), other = desk.articles(1), make_desk(app).articles(1)
    ann = desk.id("ann")
    faults: list[tuple[Json, Json]] = [
        ({}, {"/articles": "articles_or_filter"}),
        ({"articles": [article], "filter": {}}, {"/articles": "articles_or_filter"}),
        ({"articles": []}, {"/articles": "empty_list"}),
        ({"articles": [article, article]}, {"/articles/1": "duplicate"}),
        ({"articles": [article, *other]}, {"/articles/1": "not_in_project"}),
        ({"articles": [str(uuid4())]}, {"/articles/0": "not_in_project"}),
        ({"articles": [article], "users": []}, {"/users": "empty_list"}),
        ({"articles": [article], "users": [ann, ann]}, {"/users/1": "duplicate"}),
        ({"articles": [article], "overlap": 0}, {"/overlap": "out_of_range"}),
        ({"articles": [article], "overlap": 7}, {"/overlap": "overlap_too_large"}),
        ({"articles": [article], "users": [ann], "overlap": 2}, {"/overlap": "overlap_too_large"}),
        (
            {"articles": [article], "overlap": 4, "task": "review"},
            {"/overlap": "overlap_too_large"},
        ),
        ({"articles": [article], "task": "sing"}, {"/task": "not_a_choice"}),
        ({"articles": [article], "due_on": "2030-02-30"}, {"/due_on": "not_a_day"}),
        ({"articles": [article], "due_on": "2030-02"}, {"/due_on": "not_a_day"}),
        ({"filter": {"colour": "red"}}, {"/filter/colour": "unknown_field"}),
    ]
    for body, expected in faults:
        assert pointers(assert_problem(ask(desk, body), 422)) == expected
    assert listed(desk) == []
    for name in ("ann", "viewer"):
        assert_problem(ask(desk, {"articles": [article]}, name), 403)


def test_more_articles_than_the_limit_are_refused_by_name(
    make_app: Callable[..., Application], app: Application
) -> None:
    small = make_desk(make_app(max_items_per_request=2))
    articles = small.articles(3)
    told = assert_problem(ask(small, {"articles": articles}), 413)
    assert "MAX_ITEMS_PER_REQUEST" in told["detail"]
    assert_problem(ask(small, {"filter": {}}), 422, "too_many")


def test_a_large_wish_takes_as_many_statements_as_a_small_one(
    desk: Desk, statements: Counting
) -> None:
    counts = []
    for size in (2, 12):
        body = {"articles": desk.articles(size), "users": [desk.id("ann")], "task": "annotate"}
        with statements() as seen:
            made(ask(desk, body))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_two_who_assign_at_once_seat_nobody_twice(desk: Desk) -> None:
    articles = desk.articles(4)
    body = {"articles": articles, "overlap": 2}
    users = {"users": [desk.id(name) for name in THREE.split()]}
    at_once(lambda: made(ask(desk, body)), lambda: made(ask(desk, {**body, **users})))
    assert Counter(seat["article"]["id"] for seat in listed(desk)) == dict.fromkeys(articles, 2)


def test_reviews_are_not_given_to_who_annotated(app: Application) -> None:
    for rule in (True, False):
        desk = make_desk(app, own_work_rule=rule)
        one, two = desk.articles(2)
        desk.tag("reviewer", one)
        found = desk.assign([one, two], "reviewer critic", task="review", overlap=2)
        seats = {(seat["article_id"], seat["user"]["name"]) for seat in found["items"]}
        listing = [(seat["article_id"], seat["user"]["name"]) for seat in listed(desk)]
        assert sorted(listing) == sorted(seats)
        assert ((one, "reviewer") in seats) is (not rule)
        assert {(one, "critic"), (two, "reviewer"), (two, "critic")} <= seats
        assert found["short"] == ([{"article_id": one, "missing": 1}] if rule else [])


def test_the_list_is_filtered_and_paged(desk: Desk) -> None:
    one, two = desk.articles(2)
    desk.assign([one], "ann bo", overlap=2, due_on="2030-01-01")
    desk.assign([two], task="review")
    seats = listed(desk)
    desk.move("ann", seats[0], "done")
    wanted: list[tuple[Json, list[int]]] = [
        ({"state": "done"}, [0]),
        ({"state": "open"}, [1, 2]),
        ({"user": desk.id("bo")}, [1]),
        ({"task": "review"}, [2]),
        ({"article": one}, [0, 1]),
        ({"due_before": "2030-01-02"}, [0, 1]),
        ({"due_before": "2030-01-01"}, []),
    ]
    for query, places in wanted:
        found = [seat["id"] for seat in listed(desk, **query)]
        assert found == [seats[place]["id"] for place in places], query
    page = read(desk.as_("ann").get(f"{desk.path}/assignments", query={"limit": 2}))
    rest = listed(desk, after=page["next"])
    assert [seat["id"] for seat in page["items"] + rest] == [seat["id"] for seat in seats]
    bad = desk.as_("ann").get(f"{desk.path}/assignments", query={"due_before": "soon"})
    assert pointers(assert_problem(bad, 422)) == {"/due_before": "not_a_day"}


def test_ones_own_are_listed_over_all_projects_due_soonest_first(app: Application) -> None:
    one, two = make_desk(app), make_desk(app)
    person = one.people["ann"]
    path = f"{two.path}/members/{person.id}"
    assert two.as_("manager").put(path, {"role": "annotator"}).status_code == 200
    one.assign(one.articles(1), "ann")
    one.assign(one.articles(1), "ann", due_on="2030-03-01")
    two.assign(two.articles(1), "bo", due_on="2030-01-01")
    body = {"articles": two.articles(1), "users": [person.id], "due_on": "2030-02-01"}
    made(ask(two, body))
    mine = read(one.as_("ann").get("/me/assignments"))["items"]
    told = [(seat["due_on"], seat["project"]["id"], seat["user"]["name"]) for seat in mine]
    assert told == [
        ("2030-02-01", two.project.id, "ann"),
        ("2030-03-01", one.project.id, "ann"),
        (None, one.project.id, "ann"),
    ]
    page = read(one.as_("ann").get("/me/assignments", query={"limit": 2}))
    rest = read(one.as_("ann").get("/me/assignments", query={"after": page["next"]}))
    assert page["items"] + rest["items"] == mine
    asked = {"state": "open", "due_before": "2030-02-02"}
    for name in (two.project.id, two.project.slug, two.project.slug.upper()):
        page = read(one.as_("ann").get("/me/assignments", query={**asked, "project": name}))
        assert len(page["items"]) == 1
    nowhere = {"project": "no-such-project"}
    assert read(one.as_("ann").get("/me/assignments", query=nowhere))["items"] == []
    assert two.as_("manager").delete(path, if_match="*").status_code == 204
    assert len(read(one.as_("ann").get("/me/assignments"))["items"]) == 2


def test_one_begins_finishes_and_reopens_ones_own(desk: Desk) -> None:
    desk.assign(desk.articles(1), "ann")
    (seat,) = listed(desk)
    begun = read(desk.move("ann", seat, "in_progress"))
    assert (begun["state"], begun["claim_expires_at"]) == ("in_progress", None)
    done = read(desk.move("ann", seat, "done"))
    assert done["state"] == "done"
    assert done["done_at"] is not None
    assert read(desk.move("ann", seat, "done")) == done
    problem = assert_problem(desk.move("ann", seat, "skipped", reason="x"), 409, "illegal_move")
    assert problem["legal"] == ["open", "in_progress"]
    again = read(desk.move("ann", seat, "in_progress"))
    assert (again["done_at"], again["user"]["name"]) == (None, "ann")
    assert read(desk.move("reviewer", seat, "open"))["user"]["name"] == "ann"


def test_others_cannot_touch_it_and_versions_count(desk: Desk) -> None:
    desk.assign(desk.articles(1), "ann")
    (seat,) = listed(desk)
    path = f"/assignments/{seat['id']}"
    for name in ("bo", "viewer"):
        assert_problem(desk.move(name, seat, "done"), 403)
    ann = desk.as_("ann")
    seen = ann.get(path)
    assert_problem(ann.patch(path, {"state": "done"}), 428)
    read(ann.patch(path, {"state": "in_progress"}, if_match=seen))
    late = assert_problem(ann.patch(path, {"state": "done"}, if_match=seen), 412)
    assert late["current"]["state"] == "in_progress"
    faults: list[tuple[Json, Json]] = [
        ({}, {"/state": "required"}),
        ({"state": "lost"}, {"/state": "not_a_choice"}),
        ({"state": "done", "reason": "x"}, {"/reason": "reason_unexpected"}),
    ]
    for body, expected in faults:
        answer = ann.patch(path, body, if_match="*")
        assert pointers(assert_problem(answer, 422)) == expected


def test_who_skips_says_why_and_is_not_seated_there_again(desk: Desk) -> None:
    (article,) = desk.articles(1)
    desk.assign([article], "ann")
    (seat,) = listed(desk)
    skipped = read(desk.move("ann", seat, "skipped", reason="I wrote it."))
    assert (skipped["state"], skipped["reason"]) == ("skipped", "I wrote it.")
    found = desk.assign([article], "ann bo", overlap=1)
    assert [each["user"]["name"] for each in found["items"]] == ["bo"]
    back = read(desk.move("ann", seat, "open"))
    assert (back["state"], back["reason"], back["user"]["name"]) == ("open", None, "ann")


@pytest.mark.parametrize("said", [{}, {"reason": None}, {"reason": ""}])
def test_who_skips_may_keep_the_reason_to_oneself(desk: Desk, said: Json) -> None:
    desk.assign(desk.articles(1), "ann")
    (seat,) = listed(desk)
    skipped = read(desk.move("ann", seat, "skipped", **said))
    assert (skipped["state"], skipped["reason"]) == ("skipped", None)
    assert listed(desk) == [skipped]


def test_the_reason_can_be_given_later(desk: Desk) -> None:
    desk.assign(desk.articles(1))
    claimed = desk.next("ann")
    assert claimed
    skipped = read(desk.move("ann", claimed, "skipped"))
    said = read(desk.move("ann", skipped, "skipped", reason="Not my field."))
    assert said["reason"] == "Not my field."
    assert said["version"] == skipped["version"] + 1
    for more in ({}, {"reason": "Not my field."}):
        assert read(desk.move("ann", said, "skipped", **more)) == said
    assert len(listed(desk)) == 2, "the seat was left to others once"


def test_a_seat_is_taken_away_by_reviewers(desk: Desk) -> None:
    desk.assign(desk.articles(1), "ann")
    (seat,) = listed(desk)
    path = f"/assignments/{seat['id']}"
    assert_problem(desk.as_("ann").delete(path, if_match="*"), 403)
    assert_problem(desk.as_("reviewer").delete(path), 428)
    assert desk.as_("reviewer").delete(path, if_match="*").status_code == 204
    assert_problem(desk.as_("ann").get(path), 404)


def test_a_seat_that_nobody_has_can_only_be_closed(desk: Desk) -> None:
    desk.assign(desk.articles(1))
    (seat,) = listed(desk)
    for state in ("in_progress", "done"):
        assert_problem(desk.move("reviewer", seat, state), 409, "illegal_move")
        assert_problem(desk.move("ann", seat, state), 403)
    assert read(desk.move("reviewer", seat, "skipped", reason="A duplicate."))["user"] is None
    assert desk.next("ann") is None
    assert read(desk.move("reviewer", seat, "open"))["state"] == "open"
    assert desk.next("ann") is not None


def test_seats_go_with_their_article(desk: Desk) -> None:
    (article,) = desk.articles(1)
    desk.assign([article], "ann bo", overlap=2)
    desk.move("ann", listed(desk)[0], "done")
    path = f"/articles/{article}"
    assert desk.as_("manager").delete(path, if_match="*").status_code == 204
    assert listed(desk) == []


def test_progress_counts_per_person_and_task_in_one_statement(
    desk: Desk, statements: Counting
) -> None:
    articles = desk.articles(4)
    desk.assign(articles, "ann bo", overlap=1, due_on="2001-01-01")
    desk.assign(articles[:2], task="review")
    seats = [seat for seat in listed(desk, task="annotate") if seat["user"]["name"] == "ann"]
    desk.move("ann", seats[0], "done")
    desk.move("ann", seats[1], "in_progress")
    with statements() as seen:
        found = progress(desk)
    assert len(seen) == 2  # the door, and the count
    nothing = dict.fromkeys(("open", "in_progress", "done", "skipped", "total", "overdue"), 0)
    both = {**nothing, "open": 2, "in_progress": 1, "done": 1, "total": 4, "overdue": 3}
    assert found["tasks"]["annotate"] == both
    assert found["tasks"]["review"] == {**nothing, "open": 2, "total": 2}
    people = {each["user"]["name"] if each["user"] else None: each for each in found["people"]}
    assert list(people) == ["ann", "bo", None]
    ann = {**nothing, "in_progress": 1, "done": 1, "total": 2, "overdue": 1}
    assert people["ann"]["annotate"] == ann
    assert people["ann"]["review"] == nothing
    assert people[None]["review"]["total"] == 2


def test_a_longer_list_takes_no_more_statements(desk: Desk, statements: Counting) -> None:
    counts = []
    for size in (1, 8):
        desk.assign(desk.articles(size), THREE, overlap=3)
        with statements() as seen:
            listed(desk)
        with statements() as own:
            read(desk.as_("ann").get("/me/assignments"))
        counts.append((len(seen), len(own)))
    assert counts == [(2, 2), (2, 2)]


def test_while_blind_the_others_seats_are_not_seen_until_one_is_done(blind: Desk) -> None:
    one, two = blind.articles(2)
    blind.assign([one, two], "ann bo", overlap=2)
    for seat in listed(blind, user=blind.id("ann")):
        blind.move("ann", seat, "done")
    assert {seat["user"]["name"] for seat in listed(blind, "bo")} == {"bo"}
    hidden = listed(blind, user=blind.id("ann"))[0]
    assert_problem(blind.as_("bo").get(f"/assignments/{hidden['id']}"), 404)
    assert progress(blind, "bo")["tasks"]["annotate"]["done"] == 0
    (own,) = listed(blind, "bo", article=one)
    blind.move("bo", own, "done")
    assert len(listed(blind, "bo")) == 3
    blind.move("bo", own, "in_progress")
    assert len(listed(blind, "bo")) == 2
