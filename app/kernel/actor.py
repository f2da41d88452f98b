"""Who is acting: the argument named `actor` that every service takes."""

from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Any


class Role(IntEnum):
    """What a member may do, from the least to the most; each includes the one before."""

    viewer = 1
    annotator = 2
    reviewer = 3
    manager = 4


@dataclass(frozen=True, slots=True)
class Place:
    """The project an actor stands in, as the door read it."""

    id: str
    slug: str
    settings: dict[str, Any]
    version: int


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone who signed in and still may act.

    `role` and `project` are there once a project's door was passed. `seen` holds what the
    door read of the thing it leads to, such as an article's revision.
    """

    id: str
    name: str
    email: str
    is_admin: bool
    session_id: str | None = None
    role: Role | None = None
    place: Place | None = None
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def project(self) -> Place:
        """The project entered; it is a mistake of ours to ask before the door."""
        if self.place is None:
            raise RuntimeError("no project was entered")
        return self.place


PERSONAL = "fmk_"
"""How a personal token begins, so that leaked ones can be found by a scanner."""


def hash_of(secret: str) -> str:
    """What is kept of a personal token's secret, and by which the token is found again."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """What a caller showed, before the database was asked whether it still holds.

    Either a session (`session_id`, from a signed token) or a personal token, known only by
    the hash of its secret. `scope` is what the operation at hand asks of it.
    """

    session_id: str | None = None
    token_hash: str | None = None
    scope: str = "read"

    @property
    def whose(self) -> str:
        """A name for the credential that tells one caller from another."""
        return self.session_id or f"token {self.token_hash}"
