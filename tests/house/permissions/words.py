"""What a line of the table of permissions is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from app.kernel.actor import Role
from tests.house.permissions.scene import Scene

API = "/api/v1"


class Word(Enum):
    """Conditions that need no project."""

    OPEN = "anybody"
    SIGNED_IN = "signed in"
    OWN = "the owner"
    ADMIN = "administrator"


@dataclass(frozen=True)
class AuthorOr:
    """The author, as long as an annotator; or whoever has this role or a higher one."""

    role: Role


Least = Word | Role | AuthorOr
OPEN, SIGNED_IN, OWN, ADMIN = Word.OPEN, Word.SIGNED_IN, Word.OWN, Word.ADMIN
viewer, annotator, reviewer, manager = Role
author_or_reviewer, author_or_manager = AuthorOr(reviewer), AuthorOr(manager)


@dataclass(frozen=True)
class Ask:
    """A request: a path as `Api` takes it and its keyword arguments."""

    path: str
    more: dict[str, Any] = field(default_factory=dict)


def ask(path: str, json: Any = None, **more: Any) -> Ask:
    """A request, with a body where there is one."""
    return Ask(path, more if json is None else {"json": json, **more})


@dataclass(frozen=True)
class Line:
    """One line of the table. `note` tells apart lines about the same route."""

    method: str
    rule: str
    least: Least
    build: Callable[[Scene], Ask]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.rule} {self.note}".strip()


def line(
    route: str, least: Least, build: Callable[[Scene], Ask], note: str = "", *, root: bool = False
) -> Line:
    """A line about `METHOD /path`, which stands under /api/v1 unless at the root."""
    method, _, rule = route.partition(" ")
    return Line(method, rule if root else API + rule, least, build, note)
