"""The production server stops at once, also while somebody listens to the feed."""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

from app.kernel.db import unit_of_work
from app.web.application import Application
from bench.servers import Server, serve
from tests.factories.accounts import add_token
from tests.factories.teams import Team

SOON = 6.0
"""Seconds; the server is killed only after ten, and the machine may be busy."""


def _asked(server: Server, path: str, token: str, accept: str = "application/json") -> Request:
    host, port = server.address
    headers = {"Authorization": f"Bearer {token}", "Accept": accept}
    return Request(f"http://{host}:{port}/api/v1{path}", headers=headers)


def _poll(asked: Request) -> dict[str, object]:
    with urlopen(asked, timeout=60) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def _gone(pid: int) -> bool:
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def test_listeners_do_not_hold_up_the_end(app: Application, team: Team, tmp_path: Path) -> None:
    with unit_of_work(app.database):
        token = add_token(team.viewer, "read")
    feed = f"{team.project.path}/changes"
    with serve(app.config["DATABASE_URL"], tmp_path) as server, ThreadPoolExecutor(1) as pool:
        here = str(_poll(_asked(server, feed, token))["next"])
        stream = urlopen(
            _asked(server, f"{feed}?after={here}", token, "text/event-stream"), timeout=60
        )
        assert stream.readline().startswith(b"retry:")
        polled = pool.submit(_poll, _asked(server, f"{feed}?after={here}&wait=50", token))
        time.sleep(0.5)  # it waits by now
        began = time.monotonic()
        os.kill(server.pid, signal.SIGTERM)
        assert b"refused" not in stream.read()  # to its end, which is in order
        assert polled.result(30) == {"items": [], "next": here, "has_more": False}
        while not _gone(server.pid):
            assert time.monotonic() - began < SOON
            time.sleep(0.02)
