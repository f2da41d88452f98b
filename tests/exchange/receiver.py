"""A receiver of webhooks: a real server on this machine that does as it is told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with the next of `answers`, then with 204; `seconds` is how long it takes.

    `size` is how long its answers are, of which `written` went out."""

    url: str
    answers: list[int] = field(default_factory=list)
    seconds: float = 0.0
    trickle: bool = False
    size: int = 0
    written: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    @property
    def items(self) -> list[Any]:
        """Every change that came, in the order it came."""
        return [item for request in self.received for item in request.json["items"]]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook?team=a")
    server.receiver = receiver  # type: ignore[attr-defined]  # the handler finds it there
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # set above
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.received.append(Received(self.path, dict(self.headers), body))
        time.sleep(receiver.seconds)
        status = receiver.answers.pop(0) if receiver.answers else 204
        with suppress(OSError):  # the sender may have lost patience
            self._answer(status, receiver)

    def _answer(self, status: int, receiver: Receiver) -> None:
        self.send_response(status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.end_headers()
        while receiver.written < receiver.size:
            receiver.written += self.wfile.write(b"x" * 65536)
        while receiver.trickle:
            self.wfile.write(b".")
            time.sleep(0.05)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""
