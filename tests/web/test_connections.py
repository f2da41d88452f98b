"""What happens on a connection that is kept alive, which only a real server shows."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web.application import Application
from tests.support.server import ROOT, Server, serving

BODY = b'{"role": "viewer"}'
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server(app: Application, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("served")
    with serving(app, folder, EXPORT_STREAMS="1") as served:
        yield served


def _read_all(opened: socket.socket) -> bytes:
    told = b""
    while chunk := opened.recv(65_536):
        told += chunk
    return told


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "/projects/x/members/nobody", b"404"),
        ("POST", "/projects", b"401"),
        ("POST", "/formats", b"405"),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_who_is_refused_before_the_body_is_read_keeps_the_connection(
    server: Server, method: str, path: str, status: bytes, chunked: bool
) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(BODY)}"
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY) if chunked else BODY
    with server.speak(method, path, "nobody", "Content-Type: application/json", length) as opened:
        time.sleep(0.2)  # the body comes late, when a hasty server has answered already
        opened.sendall(sent + NEXT)
        told = _read_all(opened)
    assert told.startswith(b"HTTP/1.1 " + status)
    assert b"HTTP/1.1 200" in told


def test_http_2_is_not_spoken(server: Server) -> None:
    """A request that was taken back there, before its body was whole, kept a thread for ever."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as opened:
        opened.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(3) + b"\4" + bytes(5))
        assert opened.recv(9) in (b"", b"HTTP/1.1 "), "no frame of settings"
    assert " --http 1 " in (ROOT / "bin" / "serve").read_text()
