"""What a client told, in the API's own words; and faults in it, in the client's. Pure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from app.exchange.formats.jsonld import DATED
from app.kernel.errors import Invalid, fault, refused

Json = dict[str, Any]
MOST_FAULTS = 100


class Faults(list[Json]):
    """Everything that is wrong with what was sent."""

    def note(self, pointer: str, code: str, detail: str) -> None:
        """Write down one thing that is wrong, and go on."""
        if len(self) < MOST_FAULTS:
            self.append(fault(pointer, code, detail))

    def settle(self) -> None:
        """Raise Invalid if anything is wrong."""
        if self:
            raise refused(self)


@dataclass
class Told:
    """An annotation or link as a client told it.

    `data` is the body that the API takes for it, and `places` says which pointer into what
    was sent a pointer into `data` stands for. `source` names the article, `revision` the text
    that offsets count over, where the client says so. `whole` tells whether our own terms were
    used; without them nothing is said of attributes. `iri`, `canonical` and `via` are names.
    """

    thing: Literal["annotation", "link"]
    data: Json
    places: dict[str, str]
    iri: str | None = None
    canonical: str | None = None
    via: list[str] = field(default_factory=list)
    source: str = ""
    revision: int | None = None
    whole: bool = False

    @contextmanager
    def in_its_words(self) -> Iterator[None]:
        """Let faults that are found in `data` name the place in what was sent."""
        try:
            yield
        except Invalid as error:
            errors = [{**e, "pointer": self.place(e["pointer"])} for e in error.errors]
            raise Invalid(error.detail, code=error.word, errors=errors, **error.extra) from None

    def place(self, pointer: str) -> str:
        """The pointer into what was sent."""
        known = pointer
        while known and known not in self.places:
            known = known.rpartition("/")[0]
        rest = pointer[len(known) :]
        if known == "/attributes":
            rest = _in_our_terms(rest)
        return self.places.get(known, "") + rest


def _in_our_terms(rest: str) -> str:
    name, *steps = rest.removeprefix("/").split("/")
    if not name:
        return ""
    if name != "extra":
        words = {} if name == "sources" else DATED
        steps = [step if step.isdigit() else words.get(step, f"ft:{step}") for step in steps]
    return "/" + "/".join([f"ft:{name}", *steps])
