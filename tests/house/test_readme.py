"""README's tours, run as they stand there, in a shell, against a server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from werkzeug.serving import make_server

from app.accounts.service import create_user
from app.kernel.db import unit_of_work
from seeds.demo import load_demo

README = Path(__file__).parents[2] / "README.md"
PASSWORD = "a password for the tour"

REVIEWED = [
    "None",  # a seat is anybody's
    "[]",  # who works blind sees nothing of another's
    *("1.0", "0.0"),  # all in dispute, no span shared
    *("draft", "ben", "3", "submitted", "1.0"),
    *("2", "conflicting"),
]
"""What the second tour says, from its project's name on."""

EVIDENCE = [
    *("corroborates", "corroborates"),
    *("2", "1"),  # support, and how much of it is independent
    "55",
    *("contradicts", "At least 40 boats", "3"),  # a conflict, by way of the forty; its cluster
    "graph evidence {",
]
"""What is said of the evidence, from the first link on."""


def tours() -> str:
    """Every shell block of README, in order, as one script."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", README.read_text(), re.S | re.M))


@pytest.fixture
def server(make_app) -> Iterator[str]:
    """A server with the demo and an administrator; its address."""
    app = make_app(fresh=True)
    with unit_of_work(app.database):
        create_user(
            None,
            {"email": "admin@example.org", "name": "A", "password": PASSWORD, "is_admin": True},
        )
    with app.app_context(), unit_of_work(app.database):
        load_demo(lambda _line: None)
    serving = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    thread.join()
    serving.server_close()


# A fresh machine without curl still passes: the tour asks for it, the product does not.
@pytest.mark.skipif(not shutil.which("curl"), reason="the tour needs curl")
def test_the_tours_run_as_they_stand_in_the_readme(server, tmp_path):
    environment = {**os.environ, "BASE": server, "ADMIN_PASSWORD": PASSWORD}
    environment.pop("ADMIN_EMAIL", None)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", tours()],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    told = done.stdout.splitlines()
    assert "manager" in told
    assert "already_linked" in told
    assert any("'note': 'Ask the insurers.'" in line for line in told)
    (desk,) = (place for place, line in enumerate(told) if line.startswith("desk-"))
    assert told[desk + 1 :][: len(REVIEWED)] == REVIEWED
    assert told[told.index("corroborates") :][: len(EVIDENCE)] == EVIDENCE
