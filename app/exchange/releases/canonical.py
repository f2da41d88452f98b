"""Canonical rows: native lines with pseudonyms for people. What a release is, byte for byte.

Their SHA-256 is the identity of a release's content. Nothing in them tells of the release
itself (its name, its moment, its maker), so the same state gives the same hash. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Raw

from app.exchange.formats.jsons import dumped
from app.exchange.releases.pseudonyms import Pseudonyms, name_of

Object = dict[str, Raw]
_decoder = msgspec.json.Decoder(Object)
_encoder = msgspec.json.Encoder()
COUNTED = {
    "annotation": ("kind", "state", "layer", "origin"),
    "link": ("relation", "state", "layer"),
    "article": ("language",),
}
"""Members by whose values things of a type are counted."""


def whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines with their line ends, however the chunks are cut."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest


class Canonical:
    """Turns native lines into canonical rows and counts them in passing."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._people: dict[bytes, tuple[Raw, str]] = {}
        self.types: Counter[str] = Counter()
        self.values: Counter[tuple[str, str, str]] = Counter()
        self.work: Counter[tuple[str, str]] = Counter()

    def rows(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The canonical row of every native line."""
        for line in lines:
            known = _decoder.decode(line)
            kind = _word(known["type"])
            self._count(kind, known)
            if "author" in known:
                known["author"], person = self._hidden(known["author"])
                self.work[person, kind] += 1
            if "verdict" in known:
                known["verdict"] = self._verdict(known["verdict"])
            if "revised" in known:
                known["revised"] = self._revised(known["revised"])
            yield _encoder.encode(known) + b"\n"

    def _count(self, kind: str, known: Object) -> None:
        self.types[kind] += 1
        for member in COUNTED.get(kind, ()):
            if member in known:
                self.values[kind, member, _word(known[member])] += 1

    def _verdict(self, given: Raw) -> Raw:
        known = _decoder.decode(given)
        if "by" in known:
            known["by"], person = self._hidden(known["by"])
            self.work[person, "verdict"] += 1
        return Raw(_encoder.encode(known))

    def _revised(self, given: Raw) -> Raw:
        known = _decoder.decode(given)
        known["by"], _ = self._hidden(known["by"])
        return Raw(_encoder.encode(known))

    def _hidden(self, author: Raw) -> tuple[Raw, str]:
        """Who it is, under the pseudonym, which comes along."""
        given = bytes(author)
        found = self._people.get(given)
        if found is None:
            person = self._pseudonyms.id_of(msgspec.json.decode(given)["id"])
            told = dumped({"id": person, "name": name_of(person)})
            found = self._people[given] = Raw(told), person
        return found


def _word(value: Raw) -> str:
    """A JSON string that holds a word of ours."""
    return str(msgspec.json.decode(value))
