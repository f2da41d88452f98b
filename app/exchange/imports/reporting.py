"""What an import did, and what was wrong with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from msgspec import Struct

Json = dict[str, Any]
MOST_TOLD = 1000
FromWords = Literal["with_value", "vague"]
NOUNS = ("articles", "annotations", "links", "sources")


class Rejected(Exception):
    """A thing that cannot come in: `{pointer, code, detail, …}` each."""

    def __init__(self, faults: Sequence[Json]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


def fault(pointer: str, code: str, detail: str, **more: Any) -> Json:
    """One thing that is wrong, with a pointer into the line."""
    return {"pointer": pointer, "code": code, "detail": detail, **more}


def rejected(pointer: str, code: str, detail: str, **more: Any) -> Rejected:
    """A refusal for one reason."""
    return Rejected([fault(pointer, code, detail, **more)])


class Place(Struct, gc=False):
    """Where in the import something stands: a line, a member of an archive, or both."""

    line: int | None = None
    name: str | None = None

    def told(self) -> Json:
        """Its members of an error."""
        known: Json = {} if self.line is None else {"line": self.line}
        return known if self.name is None else {**known, "name": self.name}


@dataclass(slots=True)
class Report:
    """Counts of what was made, found unchanged, and failed; the first errors in full.

    `from_words` counts, of the annotations made, the figures read from their own words.
    """

    created: Counter[str] = field(default_factory=Counter)
    from_words: Counter[FromWords] = field(default_factory=Counter)
    unchanged: int = 0
    failed: int = 0
    errors: list[Json] = field(default_factory=list)

    @property
    def made(self) -> int:
        """How many things were made."""
        return self.created.total()

    def refuse(self, place: Place, faults: Sequence[Json]) -> None:
        """Note that what stands there did not come in."""
        self.failed += 1
        room = MOST_TOLD - len(self.errors)
        self.errors += [{**place.told(), **one} for one in faults[:room]]

    def add(self, other: "Report") -> None:
        """Take in what another report tells of what came after."""
        self.created.update(other.created)
        self.from_words.update(other.from_words)
        self.unchanged += other.unchanged
        self.failed += other.failed
        self.errors += other.errors[: MOST_TOLD - len(self.errors)]

    def document(self, *, dry_run: bool) -> Json:
        """The report as the wire has it."""
        return {
            "created": {noun: self.created[noun] for noun in NOUNS},
            "figures_from_words": {how: self.from_words[how] for how in get_args(FromWords)},
            "unchanged": self.unchanged,
            "failed": self.failed,
            "errors": sorted(self.errors, key=lambda error: error.get("line", 0)),
            "dry_run": dry_run,
        }
