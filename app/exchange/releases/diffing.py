"""What differs between two releases: a merge of their rows, in memory no larger than an article.

Both files have their sources, articles and links in the order of their ids, and annotations
after their article. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

Json = dict[str, Any]
_members = msgspec.json.Decoder(dict[str, Raw])
Thing = tuple[str, bytes]
"""An id and the row."""

Tagged = tuple[str, bytes, list[Thing]]
"""An article's id, its row, and its annotations."""

T = TypeVar("T")


class _Head(msgspec.Struct):
    """The beginning of a row."""

    type: str
    id: str = ""


_heads = msgspec.json.Decoder(_Head)


@dataclass
class Difference:
    """How many things of each type were added, removed, changed or stayed, and which.

    `items` holds the first `most` of those that did not stay; `truncated` says that there
    are more.
    """

    most: int
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    items: list[Json] = field(default_factory=list)
    truncated: bool = False

    def note(self, kind: str, before: Thing | None, after: Thing | None) -> None:
        """Compare a thing as it was and as it is; None where it was not, or is no more."""
        members: list[str] | None = None
        if before is None:
            change = "added"
        elif after is None:
            change = "removed"
        elif before[1] == after[1]:
            change = "unchanged"
        else:
            change, members = "changed", _differing(before[1], after[1])
        self.counts[kind, change] += 1
        thing = before or after
        if change == "unchanged" or thing is None:
            return
        if len(self.items) == self.most:
            self.truncated = True
            return
        item: Json = {"type": kind, "id": thing[0] or None, "change": change}
        self.items.append({**item, "members": members} if members else item)


def difference(before: Iterable[bytes], after: Iterable[bytes], most: int) -> Difference:
    """The difference from the rows of one release to those of another."""
    found = Difference(most)
    first, second = _Rows(before), _Rows(after)
    for kind in ("project", "source"):
        for pair in _merged(first.all(kind), second.all(kind)):
            found.note(kind, *pair)
    for old, new in _merged(first.documents(), second.documents()):
        found.note("article", old and old[:2], new and new[:2])
        earlier, later = dict(old[2] if old else ()), dict(new[2] if new else ())
        for id_ in [*earlier, *(id_ for id_ in later if id_ not in earlier)]:
            found.note("annotation", _thing(id_, earlier), _thing(id_, later))
    for pair in _merged(first.all("link"), second.all("link")):
        found.note("link", *pair)
    return found


class _Rows:
    """Rows with one looked at in advance."""

    def __init__(self, rows: Iterable[bytes]) -> None:
        self._rows = iter(rows)
        self._next: tuple[_Head, bytes] | None = None
        self._step()

    def _step(self) -> None:
        row = next(self._rows, None)
        self._next = None if row is None else (_heads.decode(row), row)

    def all(self, kind: str) -> Iterator[Thing]:
        """The rows of a type that come next."""
        while self._next is not None and self._next[0].type == kind:
            head, row = self._next
            self._step()
            yield head.id, row

    def documents(self) -> Iterator[Tagged]:
        """The articles that come next, each with its annotations."""
        while (article := next(self.all("article"), None)) is not None:
            yield *article, list(self.all("annotation"))


def _merged(first: Iterator[Any], second: Iterator[Any]) -> Iterator[tuple[Any | None, Any | None]]:
    """Pairs of what has the same id in both, which are in the order of ids."""
    old, new = next(first, None), next(second, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old[0] < new[0]):
            yield old, None
            old = next(first, None)
        elif old is None or new[0] < old[0]:
            yield None, new
            new = next(second, None)
        else:
            yield old, new
            old, new = next(first, None), next(second, None)


def _thing(id_: str, known: dict[str, bytes]) -> Thing | None:
    return (id_, known[id_]) if id_ in known else None


def _differing(before: bytes, after: bytes) -> list[str]:
    """The members in which two rows differ, in order."""
    was, now = _members.decode(before), _members.decode(after)
    return [name for name in {**was, **now} if was.get(name) != now.get(name)]
