"""What WebAnno TSV reserves, escaped: in the values of features, and in the lines of the text."""

import re
from functools import lru_cache

_RESERVED = re.compile(r"->|[\\\[\]|_;\t\n*]")
_NAMED = {"\t": "\\t", "\n": "\\n"}
_LETTERS = {"\t": "t", "\n": "n", "\f": "f", "\r": "r", "\b": "b", "\\": "\\"}
_TEXT = str.maketrans(
    {chr(code): "\\" + chr(code) for code in range(32) if not 7 < code < 14}
    | {char: "\\" + letter for char, letter in _LETTERS.items()}
)


@lru_cache(maxsize=4096)
def value(text: str | None) -> str:
    """A feature's value with the reserved characters escaped; `*` where there is none."""
    if not text:
        return "*"
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return _RESERVED.sub(lambda found: _NAMED.get(found[0], "\\" + found[0]), plain)


def escaped(text: str) -> str:
    """A line of text with backslashes and control characters escaped."""
    return text.translate(_TEXT)
