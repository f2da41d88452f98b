"""JSON as every format writes it."""

from typing import Any

import orjson

# Legal inside JSON strings, but line ends to readers that split lines the Unicode way.
LINE_ENDS = (
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
    ("\x85".encode(), b"\\u0085"),
)


def dumped(value: Any) -> bytes:
    """Compact JSON in UTF-8 that stays on one line for every reader."""
    return on_one_line(orjson.dumps(value))


def on_one_line(data: bytes) -> bytes:
    """JSON in UTF-8 with those characters escaped that some readers take for line ends."""
    for raw, escaped in LINE_ENDS:
        if raw in data:
            data = data.replace(raw, escaped)
    return data


def text_of(value: Any) -> str:
    """The same as a string, for a cell or a note."""
    return dumped(value).decode()


def present(values: dict[str, Any]) -> dict[str, Any]:
    """The members that say something: neither None nor an empty container or text."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}
