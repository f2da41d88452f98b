"""The pages of a container: how they are called, and where each begins. Pure.

Annotations come first, links after them, each in the order in which they were made. A page
begins after a thing, not at a number: what its IRI names does not move when something before
it is deleted.
"""

from dataclasses import dataclass
from typing import Literal

SIZE = 50
"""How many annotations or links one page has at most."""

Sort = Literal["annotations", "links"]
PATTERN = r"(?:annotations|links)(?:\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: among annotations or links, after the thing with this id."""

    of: Sort
    after: str | None = None

    @property
    def name(self) -> str:
        """The page as `?page=` names it."""
        return f"{self.of}.{self.after}" if self.after else self.of


def place_named(name: str) -> Place:
    """The place that a name of the right pattern stands for."""
    of, _, after = name.partition(".")
    return Place("links" if of == "links" else "annotations", after or None)


def iri(container: str, place: Place | None = None, *, iris: bool) -> str:
    """The IRI of the container, or of a page of it, with descriptions or with bare IRIs."""
    asked = [*(["iris=1"] if iris else []), *([f"page={place.name}"] if place else [])]
    return f"{container}?{'&'.join(asked)}" if asked else container
