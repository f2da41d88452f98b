"""Who hangs up, and who listens and never reads, against the production server itself.

One server an engine for all of them: whoever leaves something behind is missed by the next.
"""

import gzip
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from select import select
from typing import Any

import pytest
from sqlalchemy import text

from app.web.application import Application
from tests.exchange.making import TEXT
from tests.factories.accounts import Person
from tests.factories.projects import MadeProject
from tests.factories.teams import Team, make_team
from tests.support.api import Api
from tests.support.server import Server, serving

Json = dict[str, Any]
MANY = 6000
CHUNKED, GZIP = ("Transfer-Encoding: chunked",), "Content-Encoding: gzip"
STREAM = "Accept: text/event-stream"


@pytest.fixture(scope="module")
def server(app: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With one seat of each kind, so that one that is not given back is soon missed."""
    kinds = ("IMPORTS_AT_ONCE", "EXPORT_STREAMS", "FEED_STREAMS", "FEED_WAITERS")
    seats = dict.fromkeys(kinds, "1")
    with serving(app, tmp_path_factory.mktemp("data"), **seats) as running:
        yield running


@pytest.fixture(scope="module")
def team(app: Application) -> Team:
    """The same people and project for all tests."""
    return make_team(app)


def lines(count: int) -> bytes:
    """An article and as many figures in it."""
    made: list[Json] = [{"type": "article", "title": "T", "text": TEXT, "external_id": "one"}]
    figure = {"type": "annotation", "article_external_id": "one", "kind": "figure",
              "target": {"start": 33, "end": 35, "exact": "14"},
              "attributes": {"value": "14"}, "note": "x" * 500}  # fmt: skip
    return b"".join(json.dumps(line).encode() + b"\n" for line in [*made, *([figure] * count)])


@pytest.fixture(scope="module")
def full(app: Application, team: Team) -> MadeProject:
    """The project with more in it than the buffers of a connection hold."""
    path, given = f"{team.project.path}/import", {"content_type": "application/x-ndjson"}
    answer = Api(app).as_(team.annotator).post(path, data=lines(MANY), **given)
    assert answer.status_code == 200, answer.text
    return team.project


def soon(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether it comes to hold before so many seconds are over."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.05)
    return False


def busy(app: Application) -> int:
    """How many of PostgreSQL's connections to this database are in a transaction."""
    if app.database.dialect == "sqlite":
        return 0
    sql = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    )
    with app.database.reader.connect() as connection:
        return int(connection.execute(text(sql)).scalar_one())


def test_who_hangs_up_while_sending_leaves_nothing(server: Server, app: Application) -> None:
    team = make_team(app)  # whose project is empty
    annotator, path = team.annotator, f"{team.project.path}/import"
    before, body = server.left(), lines(MANY)

    def imports() -> bool:
        query, empty = "?dry_run=true", "Content-Length: 0"
        return server.status(path + query, annotator.token, empty, method="POST") == 200

    whole, promised = gzip.compress(body), f"Content-Length: {len(body) + 1}"
    with server.speak("GET", "/me", annotator.token) as neighbour:  # who came from there, too
        for sent in (0, 1, len(body) // 2, len(body) - 1, len(body)):
            with server.speak("POST", path, annotator.token, promised) as opened:
                _send(opened, body[:sent])
            assert soon(imports)  # the seat is given back
            with server.speak("POST", path, annotator.token, *CHUNKED) as opened:
                _send(opened, _chunk(body[:sent]))
            assert soon(imports)
            packed = whole[: (len(whole) - 1) * sent // len(body)]
            with server.speak("POST", path, annotator.token, *CHUNKED, GZIP) as opened:
                _send(opened, _chunk(packed))
            assert soon(imports)
        assert neighbour.recv(12).endswith(b"200")
    assert Api(app).as_(annotator).get(f"{team.project.path}/articles").json["items"] == []
    assert soon(lambda: server.left() == before)


@pytest.mark.parametrize("headers", [(), ("Content-Encoding: identity",)])
def test_a_body_in_chunks_comes_in(
    server: Server, app: Application, headers: tuple[str, ...]
) -> None:
    team = make_team(app)
    path, body = f"{team.project.path}/import", lines(3)

    def sent() -> bool:
        token = team.annotator.token
        with server.speak("POST", path, token, *CHUNKED, *headers) as opened:
            for line in body.splitlines(keepends=True):
                _send(opened, _chunk(line))
            _send(opened, b"0\r\n\r\n")
            return opened.recv(12).endswith(b"200")

    assert soon(sent)  # there is one seat
    found = Api(app).as_(team.annotator).get(f"{team.project.path}/annotations").json["items"]
    assert len(found) == 3


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n" if data else b""


def _send(opened: socket.socket, data: bytes) -> None:
    with suppress(OSError):  # the seats may be taken by those who just hung up
        opened.sendall(data)


@pytest.mark.parametrize("name", ["ndjson", "csv", "parquet", "brat"])
def test_who_hangs_up_while_receiving_leaves_nothing(
    server: Server, app: Application, full: MadeProject, annotator: Person, name: str
) -> None:
    before = server.left()
    path = f"{full.path}/export?format={name}"
    for _ in range(3):  # there is one seat, and each hangs up after the first bytes
        assert soon(lambda: server.status(path, annotator.token) == 200)
    assert soon(lambda: busy(app) == 0)
    assert soon(lambda: server.left() == before)


def test_listeners_that_never_read_hold_up_nobody(
    server: Server, app: Application, full: MadeProject, annotator: Person
) -> None:
    path = f"{full.path}/changes"
    listener = server.speak("GET", path, annotator.token, STREAM)
    try:
        assert listener.recv(12).endswith(b"200")  # and that is all it reads
        assert soon(lambda: not seated(server, path, annotator))
        time.sleep(0.5)  # by now their buffers are full
        began = time.monotonic()
        for _ in range(20):
            assert server.status("/me", annotator.token) == 200
        assert time.monotonic() - began < 10
        assert soon(lambda: busy(app) == 0)
    finally:
        listener.close()
    assert soon(lambda: seated(server, path, annotator))


def test_a_listener_who_goes_in_silence_leaves_the_seat_to_the_next(
    server: Server, annotator: Person, full: MadeProject
) -> None:
    path = f"{full.path}/changes?after=now"
    assert soon(lambda: seated(server, path, annotator), 5)
    for _ in range(5):
        assert seated(server, path, annotator)


def seated(server: Server, path: str, person: Person) -> bool:
    """Whether a stream is one that lasts; it is left at once."""
    with server.speak("GET", path, person.token, "Connection: close", STREAM) as opened:
        opened.settimeout(10)
        heard = b""
        while b"retry: " not in heard or not heard.partition(b"retry: ")[2].count(b"\n"):
            heard += opened.recv(65_536)
    return b"retry: 1000\n" in heard


def test_many_who_wait_are_sent_back_and_hold_up_nobody(
    server: Server, app: Application, full: MadeProject, annotator: Person
) -> None:
    path = f"{full.path}/changes?after=now&wait=20"
    waiting = [server.speak("GET", path, annotator.token) for _ in range(12)]
    try:
        began = time.monotonic()
        assert server.status("/me", annotator.token) == 200
        assert time.monotonic() - began < 5
        assert soon(lambda: len(_answered(waiting)) == 11)  # all but the one who has a seat
        time.sleep(0.5)
        assert len(_answered(waiting)) == 11
        assert soon(lambda: busy(app) == 0)
    finally:
        for one in waiting:
            one.close()


def _answered(waiting: list[socket.socket]) -> list[socket.socket]:
    """Who has an answer by now; all are told to come back."""
    readable, _, _ = select(waiting, [], [], 0)
    told = [one.recv(4096, socket.MSG_PEEK).lower() for one in readable]
    assert all(b"retry-after" in head for head in told)
    return readable
