"""The production server, as it is started for users."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bench.databases import ROOT
from bench.load import Address

SECRET_KEY = "a key for measuring only, and long enough"
WORKERS, THREADS = 2, 8


@dataclass(frozen=True)
class Server:
    """A server that answers. `log` is what it and its workers wrote."""

    address: Address
    log: Path
    pid: int

    def says(self, *words: str) -> int:
        """How many lines of the log have one of these words, without regard to case."""
        lines = self.log.read_text(errors="replace").lower().splitlines()
        return sum(any(word in line for word in words) for line in lines)


@contextmanager
def serve(url: str, folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The server on a free port over this database; `settings` are environment variables."""
    port = _free_port()
    log = folder / f"server-{port}.log"
    counters = folder / f"metrics-{port}"
    counters.mkdir()
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "ACCESS_TOKEN_MINUTES": "1440",
        "LOG_LEVEL": "WARNING",
        "PROMETHEUS_MULTIPROC_DIR": str(counters),
        **(settings or {}),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(port),
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            _wait_until_ready(process, port, log)
            yield Server(("127.0.0.1", port), log, process.pid)
        finally:
            _stop(process)


def _command(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1"),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
        *("--respawn-failed-workers", "--log-level", "warning", "wsgi:app"),
    ]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"bench: the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
