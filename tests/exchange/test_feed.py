"""The change feed: order, cursors, deletions, late commits, waiting, streaming, blindness."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from sqlalchemy import insert, update

from app.accounts.models import SignIn
from app.history.models import Change
from app.kernel import stopping
from app.kernel.clock import now
from app.kernel.db import unit_of_work
from app.kernel.ids import new_id
from app.projects.models import Membership
from tests.exchange.making import add_annotation, add_article, add_link, change, remove, unveil
from tests.factories.teams import make_team
from tests.support.problems import assert_problem

Json = dict[str, Any]


@pytest.fixture
def by(api, team):
    """The API as the annotator."""
    return api.as_(team.annotator)


def pages(api, project, after: str | None = None, limit: int = 500) -> Iterator[Json]:
    """Page after page, until there is no more."""
    while True:
        query = {"limit": limit, **({"after": after} if after else {})}
        answer = api.get(f"{project.path}/changes", query=query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        yield answer.json
        after = answer.json["next"]
        if not answer.json["has_more"]:
            return


def told(api, project, count: int, after: str | None = None, limit: int = 500) -> list[Json]:
    """The changes after the cursor, once there are so many.

    On PostgreSQL any transaction that runs on the server holds the telling back for a moment.
    """
    ends = time.monotonic() + 10
    while True:
        items = [item for page in pages(api, project, after, limit) for item in page["items"]]
        if len(items) >= count or time.monotonic() > ends:
            assert len(items) == count, items
            return items
        time.sleep(0.02)


def here(api, project) -> str:
    """The cursor of the present, once everything that was done is told."""
    return told_all(api, project)[-1]["cursor"]


def told_all(api, project) -> list[Json]:
    made = add_article(api, project, title="A mark")
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        items = [item for page in pages(api, project) for item in page["items"]]
        if items and items[-1]["id"] == made["id"]:
            return items
    raise AssertionError("the mark was never told")


def test_a_feed_tells_what_was_done_in_order_deletions_included(by, project, team):
    after = here(by, project)
    article = add_article(by, project)
    first = add_annotation(by, article)
    second = add_annotation(by, article, "9 people")
    link = add_link(by, project, first, second)
    change(by, f"/annotations/{first['id']}", {"note": "Counted again."})
    remove(by, f"/annotations/{second['id']}")

    items = told(by, project, 7, after)
    assert [(item["thing"], item["action"], item["version"], item["id"]) for item in items] == [
        ("article", "created", 1, article["id"]),
        ("annotation", "created", 1, first["id"]),
        ("annotation", "created", 1, second["id"]),
        ("link", "created", 1, link["id"]),
        ("annotation", "edited", 2, first["id"]),
        ("link", "deleted", 1, link["id"]),
        ("annotation", "deleted", 1, second["id"]),
    ]
    assert {item["actor"]["name"] for item in items} == {team.annotator.name}
    assert items[4]["before"] == {"note": None}
    assert items[4]["after"] == {"note": "Counted again."}
    assert items[6]["before"]["target"]["exact"] == "9 people"
    assert items[6]["after"] is None
    assert [item["article_id"] for item in items[:3]] == [article["id"]] * 3


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_of_any_size_tell_everything_once(by, project, limit):
    after = here(by, project)
    made = [add_article(by, project)["id"] for _ in range(5)]
    told(by, project, 5, after)
    items = told(by, project, 5, after, limit)
    assert [item["id"] for item in items] == made
    for index, item in enumerate(items):
        rest = told(by, project, 4 - index, item["cursor"], limit)
        assert [later["id"] for later in rest] == made[index + 1 :]


def test_an_empty_page_has_the_cursor_to_go_on_from(by, project):
    after = here(by, project)
    answer = by.get(f"{project.path}/changes", query={"after": after})
    assert answer.json == {"items": [], "next": after, "has_more": False}
    assert answer.json["next"] in answer.headers["Link"]


def test_now_is_the_cursor_of_the_present(by, project):
    told_all(by, project)
    page = by.get(f"{project.path}/changes", query={"after": "now"}).json
    assert page["items"] == []
    made = add_article(by, project)
    assert [item["id"] for item in told(by, project, 1, page["next"])] == [made["id"]]


def _cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_what_is_no_cursor_is_refused(by, project):
    kept = (), ("changes 2", 1, 1, 1), (f"changes 1 {project.id}", 1, 1)
    other_keys = (1, 1), (1, "1", 1), (-1, 0, 1), (0, 2**63, 1), (2**64, 0, 1), (1.5, 0, 1)
    forged = [_cursor(*parts) for parts in kept]
    forged += [_cursor(f"changes 2 {project.id}", *key) for key in (*other_keys, (True, 0, 1))]
    for after in ["", "x", "%00", "é", "[]", "bnVsbA", "MTI", "e30", *forged]:
        answer = by.get(f"{project.path}/changes", query={"after": after})
        assert_problem(answer, 400, "bad_cursor")


def test_a_cursor_of_another_project_is_refused(app, api, team, project):
    other = make_team(app)
    foreign = here(api.as_(other.annotator), other.project)
    answer = api.as_(team.annotator).get(f"{project.path}/changes", query={"after": foreign})
    assert_problem(answer, 400, "bad_cursor")


def test_waiting_has_its_bounds(by, project):
    for wait in ("-1", "61", "1.5", "soon"):
        assert_problem(by.get(f"{project.path}/changes", query={"wait": wait}), 422)


def test_a_page_costs_the_same_however_long(by, project, statements):
    after = here(by, project)
    article = add_article(by, project)
    told(by, project, 1, after)
    with statements() as few:
        told_once = by.get(f"{project.path}/changes", query={"after": after})
    for _ in range(5):
        add_annotation(by, article)
    told(by, project, 6, after)
    with statements() as many:
        by.get(f"{project.path}/changes", query={"after": after})
    assert told_once.status_code == 200
    assert len(few) == len(many) == 3


def _row(project, person) -> Json:
    return {
        "project_id": project.id,
        "thing": "article",
        "thing_id": new_id(),
        "version": 1,
        "action": "created",
        "actor_id": person.id,
        "at": now(),
    }


def test_what_commits_late_is_not_skipped(app, engine, by, team, project):
    """The transaction that began to write first commits last; a cursor read between misses none."""
    if engine == "sqlite":
        pytest.skip("SQLite has one writer at a time: two transactions cannot interleave")
    after = here(by, project)
    early, late, between = (_row(project, team.manager) for _ in range(3))
    slow, quick = app.database.writer.connect(), app.database.writer.connect()
    try:
        slow.execute(insert(Change), [early])  # the lower transaction, still open
        quick.execute(insert(Change), [between])
        quick.commit()  # the higher transaction is visible
        page = by.get(f"{project.path}/changes", query={"after": after}).json
        assert page["items"] == []  # it is not told before what may come before it
        slow.execute(insert(Change), [late])  # a number above that of the committed row
        slow.commit()
        items = told(by, project, 3, page["next"])
    finally:
        slow.close()
        quick.close()
    assert {item["id"] for item in items} == {row["thing_id"] for row in (early, late, between)}
    assert [item["id"] for item in items[:2]] == [early["thing_id"], late["thing_id"]]


def test_a_listener_who_polls_all_the_while_misses_nothing_and_hears_nothing_twice(
    app, engine, by, project, team
):
    after = here(by, project)
    wanted, heard, done = set(), [], threading.Event()
    lock = threading.Lock()

    def write(pause: float) -> None:
        for _ in range(6):
            with unit_of_work(app.database) as session:
                row = _row(project, team.manager)
                session.execute(insert(Change), [row])
                if engine == "postgresql":
                    time.sleep(pause)  # the others commit meanwhile
            with lock:
                wanted.add(row["thing_id"])

    def listen() -> None:
        cursor, ends = after, time.monotonic() + 20
        while time.monotonic() < ends:
            over = done.is_set()
            page = by.get(f"{project.path}/changes", query={"after": cursor, "limit": 2}).json
            heard.extend(item["id"] for item in page["items"])
            cursor = page["next"]
            if over and len(heard) >= 18:
                return

    listener = threading.Thread(target=listen)
    listener.start()
    writers = [threading.Thread(target=write, args=(pause,)) for pause in (0.001, 0.01, 0.03)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    done.set()
    listener.join(30)
    assert len(heard) == len(set(heard)) == 18
    assert set(heard) == wanted


def test_a_rolled_back_change_is_never_told(app, by, project, team):
    after = here(by, project)
    with app.database.writer.connect() as connection:
        connection.execute(insert(Change), [_row(project, team.manager)])
        connection.rollback()
    made = add_article(by, project)
    assert [item["id"] for item in told(by, project, 1, after)] == [made["id"]]


# Waiting


def test_waiting_ends_within_a_second_of_a_change(app, by, project):
    after = here(by, project)
    done: list[tuple[float, Json]] = []

    def wait() -> None:
        page = by.get(f"{project.path}/changes", query={"after": after, "wait": 20}).json
        done.append((time.monotonic(), page))

    waiter = threading.Thread(target=wait)
    waiter.start()
    time.sleep(0.8)  # by now it pauses as long as it ever does
    assert not done
    assert app.database.reader.pool.checkedout() == 0  # type: ignore[attr-defined]
    made = add_article(by, project)
    at = time.monotonic()
    waiter.join(20)
    moment, page = done[0]
    assert [item["id"] for item in page["items"]] == [made["id"]]
    assert moment - at < 1.5


def test_waiting_ends_with_nothing_when_its_time_is_over(by, project):
    after = here(by, project)
    began = time.monotonic()
    page = by.get(f"{project.path}/changes", query={"after": after, "wait": 1}).json
    assert 0.9 < time.monotonic() - began < 3
    assert page == {"items": [], "next": after, "has_more": False}


def test_where_every_seat_is_taken_the_answer_comes_at_once(make_app, api, team, project):
    after = here(api.as_(team.annotator), project)
    full = type(api)(make_app(feed_waiters=0), team.annotator.token)
    began = time.monotonic()
    answer = full.get(f"{project.path}/changes", query={"after": after, "wait": 30})
    assert time.monotonic() - began < 5
    assert answer.json["next"] == after
    assert int(answer.headers["Retry-After"]) > 0


def test_a_seat_is_given_back(make_app, api, team, project):
    after = here(api.as_(team.annotator), project)
    narrow = type(api)(make_app(feed_waiters=1), team.annotator.token)
    for _ in range(2):
        answer = narrow.get(f"{project.path}/changes", query={"after": after, "wait": 1})
        assert "Retry-After" not in answer.headers


def test_who_loses_access_while_waiting_is_told_nothing(app, api, project, viewer, by):
    after = here(by, project)
    answers: list[Any] = []
    ask = {"after": after, "wait": 20}
    waiter = threading.Thread(
        target=lambda: answers.append(api.as_(viewer).get(f"{project.path}/changes", query=ask))
    )
    waiter.start()
    time.sleep(0.2)
    _end_membership(app, project, viewer)
    add_article(by, project)
    waiter.join(20)
    assert_problem(answers[0], 404)


def _end_membership(app, project, person) -> None:
    with unit_of_work(app.database) as session:
        session.delete(session.get_one(Membership, (project.id, person.id)))


# Streaming


class Stream:
    """A listener to server-sent events, reading block by block."""

    def __init__(self, api, project, **headers: str) -> None:
        query = {"after": after} if (after := headers.pop("after", None)) else None
        sent = {"Accept": "text/event-stream", **headers}
        self.answer = api.get(f"{project.path}/changes", query=query, headers=sent, buffered=False)
        self._chunks = iter(self.answer.response)
        self._rest = ""

    def block(self) -> dict[str, str]:
        """The fields of the next block; comments under an empty name."""
        while "\n\n" not in self._rest:
            chunk = next(self._chunks)
            self._rest += chunk if isinstance(chunk, str) else chunk.decode()
        block, self._rest = self._rest.split("\n\n", 1)
        return dict(line.split(": ", 1) for line in block.split("\n"))

    def event(self) -> dict[str, Any]:
        """The next block that has data."""
        while "data" not in (block := self.block()):
            pass
        return {**block, "data": orjson.loads(block["data"])}

    def close(self) -> None:
        self.answer.close()


def test_a_stream_sends_events_with_cursors_as_ids(by, project):
    after = here(by, project)
    first = add_article(by, project)
    told(by, project, 1, after)
    stream = Stream(by, project, after=after)
    assert stream.answer.content_type == "text/event-stream"
    assert int(stream.block()["retry"]) > 0
    event = stream.event()
    assert (event["event"], event["data"]["id"]) == ("created", first["id"])
    assert event["id"] == event["data"]["cursor"]
    change(by, f"/articles/{first['id']}", {"title": "Two\nlines\u2028and\rmore"})
    later = stream.event()
    stream.close()
    assert (later["event"], later["data"]["after"]["title"]) == (
        "edited",
        "Two\nlines\u2028and\rmore",
    )

    again = Stream(by, project, **{"Last-Event-ID": event["id"], "after": after})
    assert again.event() == later  # the last event's id counts before `after`
    again.close()


def test_a_stream_that_begins_in_silence_says_where_it_is(by, project):
    after = here(by, project)
    stream = Stream(by, project, after="now")
    assert stream.block()["id"] == after
    stream.close()


def test_a_stream_ends_after_its_time(make_app, api, team, project):
    after = here(api.as_(team.annotator), project)
    brief = type(api)(make_app(feed_stream_seconds=1), team.annotator.token)
    began = time.monotonic()
    stream = Stream(brief, project, after=after)
    text = b"".join(stream.answer.response)
    assert 0.9 < time.monotonic() - began < 5
    assert text.startswith(b"retry: ")


def test_a_silent_stream_shows_that_it_lives(monkeypatch, by, project):
    monkeypatch.setattr("app.exchange.feed.streaming.HEARTBEAT", 0.1)
    stream = Stream(by, project, after=here(by, project))
    stream.block()
    assert "" in stream.block()
    stream.close()


def test_streams_have_seats_which_they_give_back(make_app, api, team, project, monkeypatch):
    monkeypatch.setattr("app.exchange.feed.routes.PATIENCE", 0.05)
    narrow = type(api)(make_app(feed_streams=1), team.annotator.token)
    after = here(api.as_(team.annotator), project)
    first = Stream(narrow, project, after=after)
    for _ in range(2):
        standing = Stream(narrow, project, after=after)
        assert standing.block() == {"retry": "5000", "id": after}
        with pytest.raises(StopIteration):
            standing.block()
    first.close()  # never read from, and still it gives its seat back
    seated = Stream(narrow, project, after=after)
    assert seated.block() == {"retry": "1000", "id": after}
    seated.close()


def test_who_finds_no_seat_is_told_what_is_there_and_goes_on_from_it(
    make_app, api, team, project, by, monkeypatch
):
    monkeypatch.setattr("app.exchange.feed.routes.PATIENCE", 0.05)
    narrow = type(api)(make_app(feed_streams=1), team.annotator.token)
    after = here(by, project)
    listener = Stream(narrow, project, after=after)
    articles = [add_article(by, project)["id"] for _ in range(3)]
    last = told(by, project, 3, after)[-1]["cursor"]
    text = narrow.get(
        f"{project.path}/changes", headers={"Accept": "text/event-stream", "Last-Event-ID": after}
    ).text
    ids = [part.split("\n")[0] for part in text.split("\n\n") if part.startswith("id: ")]
    assert ids[-1] == f"id: {last}"
    assert all(article in text for article in articles)
    listener.close()


def test_heads_take_no_seat(make_app, team, project, api):
    narrow = type(api)(make_app(feed_streams=1), team.annotator.token)
    for _ in range(3):
        answer = narrow.call(
            "HEAD", f"{project.path}/changes", headers={"Accept": "text/event-stream"}
        )
        assert answer.status_code == 200


def test_a_bad_last_event_id_is_refused(by, project):
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "7"}
    assert_problem(by.get(f"{project.path}/changes", headers=headers), 400, "bad_cursor")


def test_who_signs_out_is_cut_off(app, api, project, viewer, by):
    stream = Stream(api.as_(viewer), project, after=here(by, project))
    stream.block()
    with unit_of_work(app.database) as session:
        session.execute(
            update(SignIn).where(SignIn.id == viewer.sign_in_id).values(revoked_at=now())
        )
    add_article(by, project)
    event = stream.event()
    assert (event["event"], event["data"]["code"]) == ("refused", "revoked")
    with pytest.raises(StopIteration):
        stream.block()
    stream.close()


def test_a_removed_member_is_cut_off(app, api, project, viewer, by):
    stream = Stream(api.as_(viewer), project, after=here(by, project))
    stream.block()
    _end_membership(app, project, viewer)
    add_article(by, project)
    assert stream.event()["data"]["code"] == "not_found"
    stream.close()


# Blindness


@pytest.fixture
def blind(api, project, team):
    """The project, blind."""
    change(api.as_(team.manager), project.path, {"settings": {"blind": True}})
    return project


def test_while_blind_an_annotator_hears_only_of_what_they_may_see(app, api, blind, team):
    mine, theirs = api.as_(team.annotator), api.as_(team.reviewer)
    after = here(theirs, blind)
    article, other = add_article(theirs, blind), add_article(theirs, blind)
    own = add_annotation(mine, article)
    hidden = [add_annotation(theirs, article), add_annotation(theirs, other, "9 people")]
    link = add_link(theirs, blind, *hidden)
    change(theirs, f"/annotations/{hidden[0]['id']}", {"note": "Seen by nobody."})
    told(theirs, blind, 7, after)

    items = told(mine, blind, 3, after)
    assert [item["id"] for item in items] == [article["id"], other["id"], own["id"]]
    last = list(pages(mine, blind, after))[-1]["next"]
    assert last == list(pages(theirs, blind, after))[-1]["next"]  # past what is hidden

    _unveil(app, team.annotator, article)
    things = [(item["thing"], item["id"]) for item in told(mine, blind, 5, after)]
    assert ("annotation", hidden[0]["id"]) in things
    assert ("link", link["id"]) not in things  # its other end is still hidden
    _unveil(app, team.annotator, other)
    assert link["id"] in [item["id"] for item in told(mine, blind, 7, after)]

    remove(theirs, f"/annotations/{hidden[0]['id']}")
    gone = [item["id"] for item in told(mine, blind, 9, after) if item["action"] == "deleted"]
    assert sorted(gone) == sorted([link["id"], hidden[0]["id"]])


def _unveil(app, person, article) -> None:
    with unit_of_work(app.database):
        unveil(person, article)


def test_who_waits_or_listens_is_woken_when_the_server_stops(by, project):
    try:
        stopping.stop()
        began = time.monotonic()
        waited = by.get(f"{project.path}/changes", query={"after": "now", "wait": 30})
        assert (waited.status_code, waited.json["items"]) == (200, [])
        listened = by.get(f"{project.path}/changes", headers={"Accept": "text/event-stream"})
        assert listened.status_code == 200
        assert time.monotonic() - began < 10
    finally:
        stopping.go_on()
