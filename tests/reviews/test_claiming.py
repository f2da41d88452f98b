"""Handing out seats: every seat once, nobody an article twice, what is abandoned comes back."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from app.annotations.models import Annotation
from app.history.queries import versions
from app.kernel.actor import Role
from app.kernel.db import Database, reading, session, unit_of_work
from app.kernel.ids import new_id
from app.kernel.paging import PageAsk
from app.web.application import Application
from tests.factories.accounts import Person, add_person
from tests.factories.projects import add_member
from tests.reviews.desk import Desk, make_desk, read
from tests.support.api import Api
from tests.support.problems import assert_problem
from tests.support.stopped_clock import StoppedClock
from tests.support.together import at_once

Json = dict[str, Any]
CALLERS = 32


@pytest.fixture
def patient(make_app: Callable[..., Application]) -> Desk:
    """A desk whose people stay signed in while days go by."""
    return make_desk(make_app(access_token_minutes=60 * 24 * 30))


def join(desk: Desk, count: int) -> list[Person]:
    """So many more annotators."""
    with unit_of_work(desk.app.database):
        people = [add_person(desk.app, f"annotator {number}") for number in range(count)]
        for person in people:
            add_member(desk.people["manager"], desk.project, person, Role.annotator)
    return people


def taken(desk: Desk, who: Person | str) -> Json | None:
    """The next seat of someone outside the desk's own cast."""
    answer = Api(desk.app).as_(who).post(f"{desk.path}/assignments/next")
    assert answer.status_code in {200, 204}, answer.get_data(as_text=True)
    return answer.json if answer.status_code == 200 else None


def test_every_seat_is_handed_out_once_to_callers_at_the_same_moment(desk: Desk) -> None:
    people = join(desk, CALLERS)
    desk.assign(desk.articles(CALLERS // 2), overlap=2)
    found = at_once(*(lambda person=person: taken(desk, person) for person in people))
    seats = [seat for seat in found if seat is not None]
    # Whoever came while the last seats were being taken may have gone away with nothing.
    seats += [seat for person in people if (seat := taken(desk, person))]
    assert Counter(Counter(seat["id"] for seat in seats).values()) == {1: CALLERS}
    assert Counter(Counter(seat["article"]["id"] for seat in seats).values()) == {2: CALLERS // 2}
    whose = Counter((seat["article"]["id"], seat["user"]["id"]) for seat in seats)
    assert set(whose.values()) == {1}
    assert {seat["state"] for seat in seats} == {"in_progress"}


def test_one_person_asking_in_many_windows_never_sits_twice_at_one_article(desk: Desk) -> None:
    articles = desk.articles(4)
    desk.assign(articles, overlap=3)
    found = at_once(*(lambda: desk.next("ann") for _ in range(8)))
    seats = [seat["article"]["id"] for seat in found if seat is not None]
    assert sorted(seats) == sorted(articles)


def test_ones_own_come_first_then_what_is_due_soonest(desk: Desk) -> None:
    late, soon, own, free = desk.articles(4)
    desk.assign([free])
    desk.assign([late], due_on="2031-01-01")
    desk.assign([soon], due_on="2030-01-01")
    desk.assign([own], "ann")
    found = [seat["article"]["id"] if (seat := desk.next("ann")) else None for _ in range(5)]
    assert found == [own, soon, late, free, None]


def test_nothing_left_is_no_content(desk: Desk) -> None:
    answer = desk.as_("ann").post(f"{desk.path}/assignments/next")
    assert (answer.status_code, answer.get_data()) == (204, b"")


def test_a_call_may_name_the_task_and_only_reviewers_take_reviews(desk: Desk) -> None:
    articles = desk.articles(2)
    desk.assign(articles, task="review")
    assert desk.next("ann") is None
    path = f"{desk.path}/assignments/next"
    assert_problem(desk.as_("ann").post(path, {"task": "review"}), 403)
    assert_problem(desk.as_("viewer").post(path), 403)
    assert_problem(desk.as_("ann").post(path, {"task": "sing"}), 422, "not_a_choice")
    assert desk.next("reviewer", task="annotate") is None
    assert (desk.next("reviewer", task="review") or {})["task"] == "review"
    assert (desk.next("reviewer") or {})["task"] == "review"


def test_nobody_reviews_what_they_annotated_while_the_rule_holds(app: Application) -> None:
    for rule in (True, False):
        desk = make_desk(app, own_work_rule=rule)
        one, two = desk.articles(2)
        desk.assign([one, two], task="review")
        desk.assign([one], "reviewer", task="review", overlap=2)
        desk.tag("reviewer", one)
        found = [desk.next("reviewer"), desk.next("reviewer"), desk.next("reviewer")]
        expected = [two] if rule else [one, two]
        assert [seat["article"]["id"] for seat in found if seat] == expected


def test_an_abandoned_claim_goes_to_someone_else(patient: Desk, clock: StoppedClock) -> None:
    patient.assign(patient.articles(1))
    first = patient.next("ann")
    assert first is not None
    assert first["claim_expires_at"] is not None
    assert patient.next("bo") is None
    clock.forward(hours=23)
    read(patient.move("ann", first, "in_progress"))  # renews the claim
    clock.forward(hours=23)
    assert patient.next("bo") is None
    clock.forward(hours=1)
    (stands,) = read(patient.as_("bo").get(f"{patient.path}/assignments"))["items"]
    assert (stands["state"], stands["user"], stands["claim_expires_at"]) == ("open", None, None)
    assert read(patient.as_("ann").get("/me/assignments"))["items"] == []
    progress = read(patient.as_("ann").get(f"{patient.path}/assignments/progress"))
    assert [each["user"] for each in progress["people"]] == [None]
    assert progress["tasks"]["annotate"]["open"] == 1
    for state, count in (("open", 1), ("in_progress", 0)):
        query = {"state": state}
        found = read(patient.as_("ann").get(f"{patient.path}/assignments", query=query))["items"]
        assert len(found) == count
    second = patient.next("bo")
    assert second is not None
    assert (second["id"], second["user"]["name"]) == (first["id"], "bo")
    assert_problem(patient.move("ann", first, "done"), 403)
    assert patient.next("ann") is None


def test_who_comes_back_late_finds_the_seat_if_nobody_took_it(
    patient: Desk, clock: StoppedClock
) -> None:
    patient.assign(patient.articles(1))
    first = patient.next("ann")
    assert first is not None
    clock.forward(hours=48)
    again = patient.next("ann")
    assert again is not None
    assert again["id"] == first["id"]
    clock.forward(hours=48)
    assert read(patient.move("ann", first, "done"))["user"]["name"] == "ann"
    assert patient.next("bo") is None


def test_an_abandoned_claim_is_taken_by_one_of_many(patient: Desk, clock: StoppedClock) -> None:
    patient.assign(patient.articles(1))
    assert patient.next("ann")
    people = join(patient, 8)
    clock.forward(hours=25)
    found = at_once(*(lambda person=person: taken(patient, person) for person in people))
    assert sum(seat is not None for seat in found) == 1


def test_a_seat_of_ones_own_is_never_given_to_others(patient: Desk, clock: StoppedClock) -> None:
    patient.assign(patient.articles(1), "ann")
    assert patient.next("bo") is None
    assert patient.next("ann")
    clock.forward(days=20)
    assert patient.next("bo") is None


def test_what_is_given_back_or_skipped_goes_to_others(desk: Desk) -> None:
    desk.assign(desk.articles(1))
    seat = desk.next("ann")
    assert seat is not None
    assert read(desk.move("ann", seat, "open"))["user"] is None
    again = desk.next("ann")
    assert again is not None
    read(desk.move("ann", again, "skipped", reason="Not my language."))
    assert desk.next("ann") is None
    other = desk.next("bo")
    assert other is not None
    assert other["article"] == seat["article"]
    read(desk.move("bo", other, "done"))
    states = Counter(
        (each["state"], each["user"]["name"])
        for each in read(desk.as_("manager").get(f"{desk.path}/assignments"))["items"]
    )
    assert states == {("skipped", "ann"): 1, ("done", "bo"): 1}


def test_who_was_done_keeps_the_seat_when_it_is_reopened(
    patient: Desk, clock: StoppedClock
) -> None:
    patient.assign(patient.articles(1))
    seat = patient.next("ann")
    assert seat is not None
    read(patient.move("ann", seat, "done"))
    assert read(patient.move("reviewer", seat, "open"))["user"]["name"] == "ann"
    assert patient.next("bo") is None
    clock.forward(days=20)
    again = patient.next("ann")
    assert again is not None
    assert (again["id"], again["claim_expires_at"]) == (seat["id"], None)


def test_a_retry_under_the_same_key_takes_one_seat(desk: Desk) -> None:
    desk.assign(desk.articles(2))
    path = f"{desk.path}/assignments/next"
    first, again = (desk.as_("ann").post(path, key="again") for _ in range(2))
    assert read(first) == read(again)


def test_the_time_a_claim_lasts_is_a_setting(
    make_app: Callable[..., Application], clock: StoppedClock
) -> None:
    desk = make_desk(make_app(claim_hours=1))
    desk.assign(desk.articles(1))
    assert desk.next("ann")
    clock.forward(minutes=59)
    assert desk.next("bo") is None
    clock.forward(minutes=2)
    assert desk.next("bo")


def test_history_tells_who_took_and_finished_what(desk: Desk) -> None:
    desk.assign(desk.articles(1))
    seat = desk.next("ann")
    assert seat is not None
    read(desk.move("ann", seat, "done"))
    with reading(desk.app.database):
        told = [
            (row.action, row.version, row.author_id)
            for row in versions(seat["id"], PageAsk()).items
        ]
    ann = desk.id("ann")
    assert told == [("created", 1, None), ("claimed", 2, ann), ("done", 3, ann)]


def test_next_reads_few_rows_of_a_large_project(make_app: Callable[..., Application]) -> None:
    """A reviewer who annotated 20,000 spans asks for what to review."""
    desk = make_desk(make_app(fresh=True))
    articles = desk.articles(200)
    desk.assign(articles)
    desk.assign(articles, task="review")
    pattern = desk.tag("reviewer", articles[0])
    with unit_of_work(desk.app.database):
        copy_annotation(pattern["id"], articles[:100], 200)
        session().execute(text("ANALYZE"))
    with plans(desk.app.database) as seen:
        assert (desk.next("reviewer", task="review") or {})["article"]["id"] == articles[100]
    *_, found = seen
    assert "ix_assignments_open" in found, "seats are read in the order they are handed out"
    assert not re.search("Sort|TEMP B-TREE", found), "and no further than to the one that suits"
    assert "ix_annotations_text_order" in found, "of each article its own annotations are read"
    assert not re.search("Seq Scan|SCAN", found), "and never the author's"


def copy_annotation(pattern: str, articles: list[str], times: int) -> None:
    """The same annotation so many times more on each of the articles."""
    table = Annotation.__table__
    row = session().execute(select(table).where(table.c.id == pattern)).one()
    copies = [
        {**row._mapping, "id": new_id(), "article_id": article}
        for article in articles
        for _ in range(times)
    ]
    session().execute(insert(Annotation), copies)


@contextmanager
def plans(database: Database) -> Iterator[list[str]]:
    """How the database goes about each statement that looks for a seat."""
    seen: list[str] = []
    explain = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"

    def note(_connection: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if "FROM assignments" in statement and "LIMIT" in statement:
            asked = cursor.connection.cursor()
            asked.execute(f"{explain} {statement}", given)
            seen.append("\n".join(str(row[-1]) for row in asked.fetchall()))

    event.listen(database.writer, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.writer, "before_cursor_execute", note)
