"""Sending one body to one place, once. No redirects, no proxies, no patience without end."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from app.exchange.webhooks.addresses import NotAllowed, resolve, split

MOST_READ = 4096
"""Bytes of an answer that are read, and thrown away: only its status counts."""

_MOST_TRIED, _LEAST = 4, 0.1
"""How many addresses of a name are tried, and the seconds that each may take at least."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: the status that was answered, or why there was none."""

    status: int | None
    error: str | None

    @property
    def received(self) -> bool:
        """Whether the receiver took it."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more, ever (410)."""
        return self.status == 410


def send(
    url: str, headers: Mapping[str, str], body: bytes, *, seconds: float, allow_private: bool
) -> Outcome:
    """POST the body; the whole exchange takes at most about `seconds` after the name is found."""
    try:
        parts = split(url)
        addresses = resolve(parts, allow_private=allow_private)
        connection = _Pinned(parts.hostname or "", addresses, parts.scheme == "https", seconds)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _exchange(connection, path, headers, body, seconds)
    except NotAllowed as refusal:
        return Outcome(None, refusal.detail)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        return Outcome(None, _words(error))


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at, under the name it was found by."""

    def __init__(
        self, host: str, addresses: list[tuple[str, int]], tls: bool, seconds: float
    ) -> None:
        super().__init__(host, addresses[0][1], timeout=seconds)
        self._addresses, self._tls, self._seconds = addresses[:_MOST_TRIED], tls, seconds
        self.default_port = 443 if tls else 80

    def connect(self) -> None:
        """Reach the first address that answers; the greeting comes later.

        A name may have any number of addresses that swallow what is sent: all of them share
        the time.
        """
        ends = time.monotonic() + self._seconds
        for place in self._addresses:
            try:
                left = max(ends - time.monotonic(), _LEAST)
                self.sock = socket.create_connection(place, left)
                self.sock.settimeout(self._seconds)
                break
            except OSError:
                if place == self._addresses[-1]:
                    raise
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )

    def greet(self) -> None:
        """Agree on encryption, where the URL asks for it."""
        if isinstance(self.sock, ssl.SSLSocket):
            self.sock.do_handshake()


class _Deadline:
    """Ends an exchange that would trickle on for ever."""

    def __init__(self, connection: _Pinned, seconds: float) -> None:
        self.passed = False
        self._sock = connection.sock
        self._timer = Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _hang_up(self) -> None:
        self.passed = True
        with suppress(OSError):  # it may have ended by itself
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)


def _exchange(
    connection: _Pinned, path: str, headers: Mapping[str, str], body: bytes, seconds: float
) -> Outcome:
    connection.connect()
    deadline = _Deadline(connection, seconds)
    try:
        with deadline:
            connection.greet()
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            response.read(MOST_READ)
            return _judged(response.status)
    except (OSError, http.client.HTTPException):
        if deadline.passed:
            raise TimeoutError from None
        raise
    finally:
        connection.close()


def _judged(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status, None)
    if 300 <= status < 400:
        return Outcome(status, f"It answered {status}; redirects are not followed.")
    return Outcome(status, f"It answered {status}.")


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "It did not answer in time."
    if isinstance(error, socket.gaierror):
        return "The host has no address."
    if isinstance(error, ssl.SSLError):
        return f"The TLS connection failed: {error.reason or type(error).__name__}."
    if isinstance(error, ConnectionError):
        return f"The connection failed: {error.strerror or type(error).__name__}."
    return f"The exchange failed: {type(error).__name__}."
