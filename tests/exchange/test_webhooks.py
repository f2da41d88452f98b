"""Webhooks: who may make them, what is sent, in which order, how often, and where never."""

import hmac
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.accounts.models import User
from app.exchange.webhooks import sending, working
from app.exchange.webhooks.addresses import NotAllowed, check_url
from app.exchange.webhooks.claiming import claim
from app.exchange.webhooks.delivering import Terms, attempt, deliver_due, settle
from app.exchange.webhooks.models import Delivery, Webhook
from app.exchange.webhooks.retrying import pause_after
from app.exchange.webhooks.sending import send
from app.history.models import Change
from app.kernel.actor import Role
from app.kernel.clock import now
from app.kernel.db import reading, unit_of_work
from app.projects.models import Membership
from app.web.application import Application
from tests.exchange.making import add_article, change, remove
from tests.exchange.receiver import Receiver, receiving
from tests.factories.projects import add_member
from tests.factories.teams import Team, make_team
from tests.support.api import Api
from tests.support.apps import build_app
from tests.support.databases import Databases
from tests.support.feed import told_with
from tests.support.problems import assert_problem, pointers
from tests.support.statements import count_statements
from tests.support.together import at_once

Json = dict[str, Any]


@pytest.fixture
def make_alone(databases: Databases) -> Iterator[Callable[..., Application]]:
    """Builds applications each alone on a database: whoever delivers, delivers all there is."""
    made: list[Application] = []

    def make(**settings: Any) -> Application:
        made.append(build_app(databases.migrated(), **settings))
        return made[-1]

    yield make
    for built in made:
        built.database.dispose()


@pytest.fixture
def app(make_alone: Callable[..., Application]) -> Application:
    """An application which may send to this machine."""
    return make_alone(
        webhook_allow_private=True, webhook_timeout_seconds=2, access_token_minutes=1440
    )


@pytest.fixture
def team(app: Application) -> Team:
    return make_team(app)


@pytest.fixture
def by(app: Application, team: Team) -> Api:
    """The API as the manager."""
    return Api(app).as_(team.manager)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def add_webhook(by: Api, team: Team, url: str, **data: Any) -> Json:
    answer = by.post(f"{team.project.path}/webhooks", {"url": url, **data})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.json)


def read(by: Api, webhook: Json) -> Json:
    return dict(by.get(f"/webhooks/{webhook['id']}").json)


def deliveries(by: Api, webhook: Json) -> list[Json]:
    return list(by.get(f"/webhooks/{webhook['id']}/deliveries").json["items"])


def deliver(app: Application) -> int:
    """Everything that is due, once each; on PostgreSQL after what runs elsewhere has ended."""
    ends = time.monotonic() + 5
    while not (made := deliver_due(app.database, Terms.of(app.config))):
        if time.monotonic() > ends or not _waits(app):
            return 0
        time.sleep(0.02)
    return made


def _waits(app: Application) -> bool:
    """Whether some webhook that may be tried now is behind what was committed."""
    with reading(app.database) as session:
        last = session.execute(
            select(Change.project_id, Change.tx, Change.seq).order_by(Change.tx, Change.seq)
        ).all()
        hooks = session.execute(
            select(Webhook).where(Webhook.active, Webhook.due_at <= now(), Webhook.lease.is_(None))
        ).scalars()
        return any(
            (row.tx, row.seq) > (hook.cursor_tx, hook.cursor_seq)
            for hook in hooks
            for row in last
            if row.project_id == hook.project_id
        )


# Making and changing


def test_a_webhook_is_made_with_a_secret_that_is_shown_once(by, team):
    made = add_webhook(by, team, "https://example.org/hook", events=["link.*", "article.created"])
    secret = made.pop("secret")
    assert secret.startswith("fmw_")
    assert len(secret) > 40
    assert made == read(by, made)
    assert made["events"] == ["link.*", "article.created"]
    assert (made["active"], made["paused"]) == (True, None)
    other = add_webhook(by, team, "https://example.org/hook")
    assert other["secret"] != secret
    listed = by.get(f"{team.project.path}/webhooks").json["items"]
    assert [item["id"] for item in listed] == [made["id"], other["id"]]
    assert "secret" not in listed[0]


def test_the_database_does_not_hold_the_secret(app, by, team):
    made = add_webhook(by, team, "https://example.org/hook")
    with reading(app.database) as session:
        row = session.execute(select(Webhook.__table__)).one()
    assert made["secret"] not in str(row)
    assert made["secret"].removeprefix("fmw_") not in str(row)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("//example.org/", "bad_scheme"),
        ("https://", "bad_url"),
        ("https://example.org:0/", "bad_url"),
        ("https://example.org:99999/", "bad_url"),
        ("https://someone:secret@example.org/", "bad_url"),
        ("https://example.org/#part", "bad_url"),
        ("https://exämple.org/", "bad_url"),
        ("https://example.org/a b", "bad_url"),
        ("https://example.org/\r\nHost: inside", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http://localhost/", "private_address"),
        ("http://LOCALHOST./", "private_address"),
        ("http://x.localhost/", "private_address"),
        ("http://127.0.0.1/", "private_address"),
        ("http://127.9.9.9:8000/", "private_address"),
        ("http://0.0.0.0/", "private_address"),
        ("http://10.1.2.3/", "private_address"),
        ("http://172.16.0.1/", "private_address"),
        ("http://192.168.0.1/", "private_address"),
        ("http://169.254.169.254/latest/", "private_address"),
        ("http://100.64.0.1/", "private_address"),
        ("http://224.0.0.1/", "private_address"),
        ("http://255.255.255.255/", "private_address"),
        ("http://[::1]/", "private_address"),
        ("http://[::]/", "private_address"),
        ("http://[fe80::1]/", "private_address"),
        ("http://[fec0::1]/", "private_address"),
        ("http://[fd00::1]/", "private_address"),
        ("http://[ff02::1]/", "private_address"),
        ("http://[::ffff:127.0.0.1]/", "private_address"),
        ("http://[::127.0.0.1]/", "private_address"),
        ("http://[2002:7f00:1::]/", "private_address"),
        ("http://[64:ff9b::7f00:1]/", "private_address"),
    ],
)
def test_urls_that_lead_inside_or_nowhere_are_refused(url, code):
    with pytest.raises(NotAllowed) as refusal:
        check_url(url, allow_private=False)
    assert refusal.value.code == code


def test_good_urls_are_taken():
    for url in (
        "https://example.org",
        "http://example.org:8080/hook?a=b%20c",
        "https://93.184.216.34/",
        "https://[2606:4700::1111]/x",
    ):
        check_url(url, allow_private=False)


def test_what_is_refused_is_named(make_alone):
    strict = make_alone()
    team = make_team(strict)
    by = Api(strict).as_(team.manager)
    answer = by.post(f"{team.project.path}/webhooks", {"url": "http://127.0.0.1/"})
    assert pointers(assert_problem(answer, 422)) == {"/url": "private_address"}
    made = add_webhook(by, team, "https://example.org/")
    path = f"/webhooks/{made['id']}"
    answer = by.patch(path, {"url": "gopher://example.org/"}, if_match="*")
    assert pointers(assert_problem(answer, 422)) == {"/url": "bad_scheme"}
    for data in (
        {"events": []},
        {"events": ["everything"]},
        {"events": ["Link.*"]},
        {"secret": "x"},
    ):
        assert_problem(by.patch(path, data, if_match="*"), 422)
    bad = by.post(f"{team.project.path}/webhooks", {"url": "https://example.org/", "after": "x"})
    assert_problem(bad, 400, "bad_cursor")


def test_only_managers_know_of_webhooks(app, by, team):
    made = add_webhook(by, team, "https://example.org/")
    for who in (team.reviewer, team.annotator, team.viewer):
        other = Api(app).as_(who)
        assert_problem(other.get(f"/webhooks/{made['id']}"), 403)
        assert_problem(other.get(f"/webhooks/{made['id']}/deliveries"), 403)
        assert_problem(other.get(f"{team.project.path}/webhooks"), 403)
        assert_problem(other.post(f"/webhooks/{made['id']}/replay", {"after": None}), 403)
    assert_problem(Api(app).as_(team.outsider).get(f"/webhooks/{made['id']}"), 404)


def test_changes_of_a_webhook_do_not_tell_its_path(by, team):
    made = add_webhook(by, team, "https://example.org/s3cret")
    change(by, f"/webhooks/{made['id']}", {"url": "https://example.com/s3cret2", "active": False})
    remove(by, f"/webhooks/{made['id']}")
    text = str(told_with(by, team.project.path, add_article(by, team.project)["id"]))
    assert "example.org" in text
    assert "s3cret" not in text


def test_a_project_has_so_many_webhooks_and_no_more(by, team, monkeypatch):
    monkeypatch.setattr("app.exchange.webhooks.service.MOST", 1)
    add_webhook(by, team, "https://example.org/")
    answer = by.post(f"{team.project.path}/webhooks", {"url": "https://example.org/"})
    assert_problem(answer, 409, "too_many_webhooks")


# Delivering


def check_signature(request, secret: str) -> None:
    """As a receiver would, by the words of the description."""
    given = dict(part.split("=", 1) for part in request.headers["Factmark-Signature"].split(","))
    signed = given["t"].encode() + b"." + request.body
    assert given["v1"] == hmac.new(secret.encode(), signed, "sha256").hexdigest()
    assert abs(int(given["t"]) - time.time()) < 30


def test_changes_come_signed_and_in_order(app, by, team, receiver):
    earlier = add_article(by, team.project)
    told_with(by, team.project.path, earlier["id"])
    made = add_webhook(by, team, receiver.url)
    ids = [add_article(by, team.project)["id"] for _ in range(3)]
    while deliver(app):
        pass
    assert [item["id"] for item in receiver.items if item["thing"] == "article"] == ids
    assert earlier["id"] not in ids
    request = receiver.received[0]
    check_signature(request, made["secret"])
    assert request.path == "/hook?team=a"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json["webhook"] == made["id"]
    assert request.json["project"] == {"id": team.project.id, "slug": team.project.slug}
    assert request.headers["Factmark-Delivery"] == request.json["delivery"]
    page = by.get(f"{team.project.path}/changes", query={"after": made["cursor"]}).json
    assert receiver.items == page["items"]  # the very changes of the feed
    assert read(by, made)["cursor"] == receiver.received[-1].json["next"] == page["next"]
    [*_, first] = deliveries(by, made)
    assert (first["status"], first["attempts"], first["http_status"]) == ("delivered", 1, 204)
    assert deliver(app) == 0


def test_a_batch_holds_so_many_and_the_next_follows(app, by, team, receiver, monkeypatch):
    monkeypatch.setattr("app.exchange.webhooks.claiming.BATCH", 2)
    add_webhook(by, team, receiver.url, events=["article.*"])
    ids = [add_article(by, team.project)["id"] for _ in range(5)]
    while deliver(app):
        pass
    assert [item["id"] for item in receiver.items] == ids
    assert max(len(request.json["items"]) for request in receiver.received) == 2


def test_only_what_is_wanted_is_sent(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url, events=["article.edited", "source.*"])
    article = add_article(by, team.project)
    change(by, f"/articles/{article['id']}", {"title": "New"})
    remove(by, f"/articles/{article['id']}")
    deliver(app)
    assert [(item["thing"], item["action"]) for item in receiver.items] == [("article", "edited")]
    deliver(app)
    page = by.get(f"{team.project.path}/changes", query={"after": made["cursor"]}).json
    assert read(by, made)["cursor"] == page["next"]  # past what nobody wanted


def test_a_failed_batch_is_tried_again_with_the_same_words(app, by, team, receiver, clock):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    receiver.answers = [500, 302, 429]
    receiver.headers = {"Location": receiver.url}
    for failures in (1, 2, 3):
        assert deliver(app) == 1
        assert read(by, made)["failures"] == failures
        assert deliver(app) == 0  # not yet
        clock.forward(seconds=pause_after(failures, 1.0).total_seconds())
    assert deliveries(by, made)[0]["status"] == "pending"
    add_article(by, team.project)  # does not slip into the batch that is under way
    assert deliver(app) == 1
    bodies = {request.body for request in receiver.received}
    assert len(receiver.received) == 4
    assert len(bodies) == 1
    tries = [request.headers["Factmark-Attempt"] for request in receiver.received]
    assert tries == ["1", "2", "3", "4"]
    for request in receiver.received:
        check_signature(request, made["secret"])
    assert read(by, made)["failures"] == 0
    assert deliver(app) == 1
    assert [delivery["status"] for delivery in deliveries(by, made)] == ["delivered"] * 2


def test_after_the_last_attempt_the_webhook_is_paused_and_says_why(app, by, team, receiver, clock):
    made = add_webhook(by, team, receiver.url)
    article = add_article(by, team.project)
    attempts = app.config["WEBHOOK_ATTEMPTS"]
    assert attempts >= 6
    receiver.answers = [500] * attempts
    for _ in range(attempts):
        assert deliver(app) == 1
        clock.forward(seconds=pause_after(attempts, 1.0).total_seconds())
    paused = read(by, made)
    assert not paused["active"]
    assert paused["paused"]["code"] == "failing"
    assert "500" in paused["paused"]["detail"]
    assert paused["version"] == made["version"] + 1
    assert deliveries(by, made)[0]["status"] == "failed"
    assert deliver(app) == 0

    change(by, f"/webhooks/{made['id']}", {"active": True})
    resumed = read(by, made)
    assert (resumed["paused"], resumed["failures"]) == (None, 0)
    assert deliver(app) >= 1
    assert article["id"] in [item["id"] for item in receiver.received[-1].json["items"]]


def test_a_receiver_that_is_gone_is_left_alone(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    receiver.answers = [410]
    deliver(app)
    assert read(by, made)["paused"]["code"] == "gone"


def test_what_its_maker_may_no_longer_see_is_not_sent(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    with unit_of_work(app.database) as session:
        add_member(team.manager, team.project, team.reviewer, Role.manager)
        session.execute(
            update(Membership)
            .where(Membership.user_id == team.manager.id)
            .values(role=Role.reviewer)
        )
    assert deliver(app) == 0
    assert receiver.received == []
    told = read(Api(app).as_(team.reviewer), made)
    assert told["paused"]["code"] == "maker_left"


def test_who_was_disabled_has_nothing_sent(app, by, team, receiver):
    add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    with unit_of_work(app.database) as session:
        session.execute(update(User).where(User.id == team.manager.id).values(disabled_at=now()))
    assert deliver(app) == 0
    assert receiver.received == []


def test_an_inactive_webhook_sends_nothing_and_catches_up(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url, active=False, events=["article.*"])
    article = add_article(by, team.project)
    assert deliver(app) == 0
    change(by, f"/webhooks/{made['id']}", {"active": True})
    assert deliver(app) == 1
    assert [item["id"] for item in receiver.items] == [article["id"]]


def test_a_replay_sends_again_from_a_cursor(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url, events=["article.*"])
    ids = [add_article(by, team.project)["id"] for _ in range(3)]
    deliver(app)
    middle = receiver.items[0]["cursor"]
    receiver.received.clear()
    answer = by.post(f"/webhooks/{made['id']}/replay", {"after": middle})
    assert answer.status_code == 200
    assert answer.json["cursor"] == middle
    deliver(app)
    assert [item["id"] for item in receiver.items] == ids[1:]
    receiver.received.clear()
    by.post(f"/webhooks/{made['id']}/replay", {"after": None})
    deliver(app)
    assert [item["id"] for item in receiver.items] == ids


def test_a_replay_counts_more_than_the_attempt_under_way(app, by, team, receiver):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    terms = Terms.of(app.config)
    while (job := claim(app.database, made["id"], 2)) is None:
        time.sleep(0.02)
    by.post(f"/webhooks/{made['id']}/replay", {"after": None})
    with unit_of_work(app.database):
        settle(job, attempt(job, terms), terms)
    assert read(by, made)["cursor"] != receiver.received[0].json["next"]
    assert deliveries(by, made)[0]["status"] == "superseded"


def test_two_who_deliver_at_once_send_each_batch_once(app, by, team, receiver):
    for _ in range(3):
        add_webhook(by, team, receiver.url, events=["article.*"])
    add_article(by, team.project)
    receiver.seconds = 0.2
    terms = Terms.of(app.config)
    ends = time.monotonic() + 10
    while len(receiver.received) < 3 and time.monotonic() < ends:
        at_once(*[lambda: deliver_due(app.database, terms)] * 3)
    ids = [request.json["webhook"] for request in receiver.received]
    assert len(ids) == len(set(ids)) == 3


def test_a_batch_whose_sender_died_is_sent_again_as_the_same_delivery(
    app, by, team, receiver, clock
):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    while (job := claim(app.database, made["id"], 2)) is None:
        time.sleep(0.02)
    assert deliver_due(app.database, Terms.of(app.config)) == 0  # it is in hand
    clock.forward(minutes=5)
    assert deliver(app) == 1
    assert receiver.received[0].json["delivery"] == job.delivery_id


def test_no_transaction_is_open_while_a_receiver_thinks(app, by, team, receiver):
    add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    seen = []
    terms = Terms.of(app.config)

    def watch() -> int:
        while not receiver.received:
            time.sleep(0.01)
        pools = (app.database.writer.pool, app.database.reader.pool)
        seen.extend(pool.checkedout() for pool in pools)
        return 0

    def send_it() -> int:
        while not receiver.received:
            deliver_due(app.database, terms)
        return 0

    receiver.seconds = 0.5
    at_once(watch, send_it)
    assert seen == [0, 0]


def test_old_deliveries_are_forgotten(app, by, team, receiver, clock):
    made = add_webhook(by, team, receiver.url)
    add_article(by, team.project)
    deliver(app)
    old = {delivery["id"] for delivery in deliveries(by, made)}
    with unit_of_work(app.database) as session:
        session.execute(update(Delivery).values(finished_at=now() - timedelta(days=31)))
    add_article(by, team.project)
    deliver(app)
    left = {delivery["id"] for delivery in deliveries(by, made)}
    assert left
    assert not left & old


# Sending


def _send(url: str, seconds: float = 2, *, allow_private: bool = True) -> sending.Outcome:
    return send(url, {}, b"{}", seconds=seconds, allow_private=allow_private)


def test_a_name_that_leads_inside_is_not_followed(monkeypatch, receiver):
    """The name is looked up when something is sent, whatever it led to before."""
    port = receiver.url.rsplit(":", 1)[1]
    for host in ("localhost", "2130706433", "0x7f.1", "127.1"):
        outcome = _send(f"http://{host}:{port}", allow_private=False)
        assert not outcome.received
    assert receiver.received == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    outcome = _send("http://example.org/", allow_private=False)
    assert outcome.status is None
    assert "public" in (outcome.error or "")


def test_the_address_that_was_checked_is_the_one_that_is_reached(monkeypatch, receiver):
    port = int(receiver.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(sending, "resolve", lambda parts, **_: [("127.0.0.1", parts.port)])
    assert _send(f"http://example.org:{port}/x").received
    assert receiver.received[0].headers["Host"] == f"example.org:{port}"


def test_redirects_are_not_followed(receiver):
    receiver.answers = [302]
    receiver.headers = {"Location": receiver.url}
    outcome = _send(receiver.url)
    assert (outcome.status, outcome.received) == (302, False)
    assert len(receiver.received) == 1


def test_a_slow_receiver_is_not_waited_for(receiver):
    receiver.seconds = 5
    began = time.monotonic()
    outcome = _send(receiver.url, 0.5)
    assert time.monotonic() - began < 3
    assert outcome.error == "It did not answer in time."
    receiver.seconds = 0


def test_a_long_answer_is_not_read_to_its_end(receiver):
    receiver.answers, receiver.size = [200], 50 * 1024 * 1024
    outcome = send(receiver.url, {}, b"{}", seconds=10, allow_private=True)
    assert outcome.received
    assert receiver.written < receiver.size


def test_addresses_that_swallow_share_the_time(monkeypatch):
    tried = []

    def swallow(place, timeout):
        tried.append(place)
        time.sleep(timeout)
        raise TimeoutError

    many = [(f"203.0.113.{number}", 80) for number in range(50)]
    monkeypatch.setattr("app.exchange.webhooks.sending.resolve", lambda *_, **__: many)
    monkeypatch.setattr("socket.create_connection", swallow)
    began = time.monotonic()
    outcome = send("http://example.org/", {}, b"{}", seconds=0.5, allow_private=False)
    assert outcome.error == "It did not answer in time."
    assert time.monotonic() - began < 2
    assert 1 <= len(tried) <= 4


def test_who_fails_does_not_hold_up_who_is_well(app, by, team, receiver, clock):
    """Webhooks that failed come last, and a failure, which may have taken long, ends the round."""
    with receiving() as bad:
        bad.answers = [500] * 20
        for _ in range(3):
            add_webhook(by, team, bad.url)
        told_with(by, team.project.path, add_article(by, team.project)["id"])
        assert [deliver(app) for _ in range(3)] == [1, 1, 1]
        clock.forward(seconds=60)
        add_webhook(by, team, receiver.url)
        told_with(by, team.project.path, add_article(by, team.project)["id"])
        assert deliver(app) == 2
        assert len(receiver.received) == 1
        assert len(bad.received) == 4


def test_a_receiver_that_trickles_is_cut_off(receiver):
    receiver.trickle, receiver.answers = True, [200]
    receiver.headers = {"Content-Length": "100000"}
    began = time.monotonic()
    outcome = _send(receiver.url, 0.5)
    assert time.monotonic() - began < 3
    assert outcome.received  # it said so before it began to trickle
    receiver.trickle = False


def test_what_cannot_be_reached_is_told_in_words(receiver):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens here
        port = taken.getsockname()[1]
        assert "connection failed" in (_send(f"http://127.0.0.1:{port}/").error or "")
    tls = receiver.url.replace("http:", "https:")
    assert "TLS" in (_send(tls).error or "")
    assert "no address" in (_send("http://does-not-exist.invalid/").error or "")


def test_pauses_grow_and_have_an_end():
    means = [pause_after(failures, 0.5).total_seconds() for failures in range(1, 9)]
    assert means[:4] == [10, 30, 90, 270]
    assert max(means) == 3600
    assert pause_after(1, 0.0).total_seconds() == 7.5
    assert pause_after(1, 1.0).total_seconds() == 12.5
    assert sum(means) > 3600


def test_the_command_delivers_what_is_due(app, by, team, receiver):
    add_webhook(by, team, receiver.url, events=["article.*"])
    add_article(by, team.project)
    ends = time.monotonic() + 10
    while not receiver.received and time.monotonic() < ends:
        result = app.test_cli_runner().invoke(args=["webhooks", "deliver", "--once"])
        assert result.exit_code == 0, result.output
    assert "1 attempts made." in result.output


def test_the_background_delivers_until_it_is_stopped(app, by, team, receiver):
    add_webhook(by, team, receiver.url, events=["article.*"])
    stop = working.start(app.database, Terms.of(app.config))
    try:
        article = add_article(by, team.project)
        ends = time.monotonic() + 15
        while not receiver.received and time.monotonic() < ends:
            time.sleep(0.02)
    finally:
        stop.set()
    assert [item["id"] for item in receiver.items] == [article["id"]]
    time.sleep(0.1)


def test_a_page_of_webhooks_costs_the_same_however_many(app, by, team):
    counts = []
    for _ in range(2):
        add_webhook(by, team, "https://example.org/")
        with count_statements(app.database) as seen:
            by.get(f"{team.project.path}/webhooks")
        counts.append(len(seen))
    assert counts == [3, 3]
