"""The production server on a database of the tests, for what only real connections show."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from app.web.application import Application

ROOT = Path(__file__).parents[2]
_KEPT = ("DATABASE_URL", "SECRET_KEY")
_THREADS = "7"


@dataclass(frozen=True)
class Server:
    """A server with one worker. `folder` is its DATA_DIR and holds its temporary files too."""

    port: int
    folder: Path

    def speak(self, method: str, path: str, token: str, *headers: str) -> socket.socket:
        """A connection over which the head of a request has gone out."""
        opened = socket.create_connection(("127.0.0.1", self.port), 30)
        head = (f"{method} /api/v1{path} HTTP/1.1", "Host: x", f"Authorization: Bearer {token}")
        opened.sendall("\r\n".join((*head, *headers, "", "")).encode())
        return opened

    def status(self, path: str, token: str, *headers: str, method: str = "GET") -> int:
        """The status of a request without a body."""
        with self.speak(method, path, token, "Connection: close", *headers) as opened:
            return int(opened.recv(12).split()[1])

    def left(self) -> list[str]:
        """Files that lie in its folder or that it has open without a name."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())


@contextmanager
def serving(app: Application, folder: Path, **settings: str) -> Iterator[Server]:
    """The server, until the end of the block; `settings` are environment variables."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    environment = {
        **os.environ,
        **{name: str(app.config[name]) for name in _KEPT},
        "DATA_DIR": str(folder),
        "TMPDIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "WEBHOOK_DELIVERY": "0",
        "ACCESS_TOKEN_MINUTES": "120",
        "THREADS": _THREADS,
        **settings,
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1"),
        *("--port", str(port)),
        *(
            "--workers",
            "1",
            "--blocking-threads",
            _THREADS,
            "--workers-kill-timeout",
            "2",
            "wsgi:app",
        ),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield Server(port, folder)
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    ends = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < ends:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not start")
