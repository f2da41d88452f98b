"""Lines of a stream, however it cuts its pieces, each bounded in length."""

from collections.abc import Iterator
from typing import BinaryIO

from app.exchange.formats.base import Options, Unreadable
from app.exchange.formats.options import whole_number

_STEP = 256 * 1024
_LONGEST = 64 * 1024 * 1024


def lines(stream: BinaryIO, options: Options) -> Iterator[tuple[int, bytes]]:
    """Line numbers from 1 and lines without their LF (or CR LF).

    Raises `Unreadable` at a line of more than option `line_bytes` (64 MiB by default).
    """
    most = whole_number(options, "line_bytes", _LONGEST)
    held: list[bytes] = []
    length, number = 0, 1
    while step := stream.read(_STEP):
        *whole, rest = step.split(b"\n")
        for line in whole:
            yield number, b"".join([*held, line]).removesuffix(b"\r")
            held.clear()
            length = 0
            number += 1
        held.append(rest)
        length += len(rest)
        if length > most:
            raise Unreadable(f"A line holds at most {most} bytes.", code="too_long", line=number)
    if last := b"".join(held).removesuffix(b"\r"):
        yield number, last
