"""What is wrong with a value: where, which rule, and why. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.kernel.jsons import escape


class Problem(NamedTuple):
    """One broken rule: a JSON Pointer (RFC 6901), a stable word, and a sentence for people.

    The pointer is relative to the value that was checked; "" is that value itself.
    """

    pointer: str
    code: str
    detail: str


class Refused(Exception):
    """A value that breaks rules; `problems` names every one that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.pointer} {p.detail}" for p in problems))
        self.problems = problems

    @classmethod
    def one(cls, code: str, detail: str) -> "Refused":
        """A refusal of the value itself for a single reason."""
        return cls([Problem("", code, detail)])


def under(step: str | int, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The same problems seen from one level up, through the member called `step`."""
    for problem in problems:
        yield problem._replace(pointer=f"/{escape(str(step))}{problem.pointer}")
