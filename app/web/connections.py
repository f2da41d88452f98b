"""Who is still on the line: what the server does not tell those who read a body.

A body without a Content-Length ends with its last chunk. Where a caller goes away before that,
granian ends the body all the same, as if it were whole. But who went away has closed the
connection, and the connection shows that to anybody who looks, without taking anything off it.
"""

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress

_DESCRIPTORS = "/dev/fd"


def callers_are_there(address: str | None, port: int) -> bool | None:
    """Whether all who are connected from this address to our port are still there.

    Which of them sent the request cannot be told, so one who hung up makes all of them suspect.
    None where there is no such connection, as behind a socket that lies in the file system.
    """
    there = [_is_there(opened) for opened in _sockets() if _leads(opened, address, port)]
    return all(there) if there else None


def _sockets() -> Iterator[socket.socket]:
    for name in os.listdir(_DESCRIPTORS) if os.path.isdir(_DESCRIPTORS) else ():
        with suppress(OSError):  # it is closed by now
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                with socket.socket(fileno=os.dup(int(name))) as opened:
                    yield opened


def _leads(opened: socket.socket, address: str | None, port: int) -> bool:
    if opened.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    try:
        peer, own = opened.getpeername(), opened.getsockname()
    except OSError:  # it listens, or is no connection any more
        return False
    return (peer[0], own[1]) == (address, port)


def _is_there(opened: socket.socket) -> bool:
    try:
        return bool(opened.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True  # open, and silent
    except OSError:
        return False
