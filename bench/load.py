"""Callers over HTTP: keep-alive connections, each sending its next request at once.

One thread watches all the sockets, and requests are bytes made beforehand, so that the
generator takes as little as it can of the machine it shares with the server.
"""

import json
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

from bench.samples import Sample

Address = tuple[str, int]
WARM_UP = 0.5
"""Seconds at the start that are not counted: connections open, caches fill."""
LONGEST_WAIT = 30.0
_APART = 0.01
"""Seconds between one caller's coming and the next one's: of a crowd that comes at once, whichever
worker happens to be awake takes all."""
_MIB = 1024 * 1024


def request(
    method: str,
    path: str,
    token: str,
    document: Any = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One request as bytes; `document` becomes its JSON body."""
    body = b"" if document is None else json.dumps(document).encode()
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    if document is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def load(
    address: Address,
    requests: Sequence[bytes],
    callers: int,
    seconds: float,
    *,
    expect: int = 200,
) -> Sample:
    """Let `callers` connections take turns through `requests` for so many seconds.

    Any status but `expect` counts as an error under its number, a lost connection as "lost".
    """
    sample = Sample(seconds)
    coming = cycle(requests)
    counted_from = time.perf_counter() + WARM_UP
    until = counted_from + seconds
    with selectors.DefaultSelector() as selector:
        for _ in range(callers):
            _arrived(selector, address).send(next(coming))
            time.sleep(_APART)
        while (moment := time.perf_counter()) < until:
            ready = selector.select(LONGEST_WAIT)
            if not ready:
                raise TimeoutError(f"no answer from {address} for {LONGEST_WAIT:g} s")
            for key, _ in ready:
                caller = key.data
                status = caller.receive()
                if status is None:
                    continue
                moment = time.perf_counter()
                if caller.sent >= counted_from and moment <= until:
                    _count(sample, status, expect, moment - caller.sent)
                if status == 0:
                    selector.unregister(caller.socket)
                    caller = _arrived(selector, address)
                caller.send(next(coming))
        for key in list(selector.get_map().values()):
            key.data.socket.close()
    return sample


def _arrived(selector: selectors.BaseSelector, address: Address) -> "_Caller":
    caller = _Caller(address)
    selector.register(caller.socket, selectors.EVENT_READ, caller)
    return caller


def _count(sample: Sample, status: int, expect: int, latency: float) -> None:
    if status == expect:
        sample.latencies.append(latency)
    else:
        sample.errors[str(status or "lost")] += 1


class _Caller:
    """One connection, and the answer that is arriving on it."""

    def __init__(self, address: Address) -> None:
        self.socket = socket.create_connection(address, LONGEST_WAIT)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent = 0.0
        self._came = b""
        self._whole = 0

    def send(self, request: bytes) -> None:
        """Ask, and begin to wait."""
        self._came, self._whole = b"", 0
        self.sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> int | None:
        """Take what has come: the status once the answer is whole; 0 where the server hung up."""
        try:
            piece = self.socket.recv(_MIB)
        except ConnectionError:
            piece = b""
        if not piece:
            self.socket.close()
            return 0
        self._came += piece
        if not self._whole:
            head, found, _ = self._came.partition(b"\r\n\r\n")
            if not found:
                return None
            self._whole = len(head) + 4 + _length_in(head)
        return int(self._came[9:12]) if len(self._came) >= self._whole else None


def _length_in(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without Content-Length cannot be measured")
