"""A JSON object as an SQL expression: what a line holds is written once, for both engines.

The database makes the line's text itself, which costs a fraction of building it from columns.
Both engines give the same bytes: compact JSON, members in the order told, absent ones left
out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["id", "word", "text", "whole", "json", "moment", "score"]


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object: its name, the kind of its value, and the column it comes from.

    It is told only where the SQL condition `when` holds.
    """

    name: str
    kind: Kind
    column: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Inner:
    """A member that is an object itself. One of its members at least is always told, or
    all of them may be absent (`loose`) and `when` says that one is there.
    """

    name: str
    members: "tuple[Part, ...]"
    when: str = ""
    loose: bool = False


Part = Member | Inner


class Expression(str):
    """A piece of SQL, where a plain string is a piece of the line itself."""

    __slots__ = ()


Pieces = list[str]


class Engine(Protocol):
    """How one database spells things."""

    def value(self, kind: Kind, column: str) -> Pieces:
        """The pieces that make the JSON value of a column."""
        ...

    def joined(self, pieces: Sequence[str]) -> Expression:
        """The text expression of pieces put together."""
        ...


def optional(name: str, kind: Kind, column: str) -> Member:
    """A member that is left out where its column is null."""
    return Member(name, kind, column, f"{column} IS NOT NULL")


def line(kind: str, parts: Sequence[Part], engine: Engine) -> Expression:
    """The expression of a whole line: an object of this `type`, without its line end."""
    pieces = [f'{{"type":"{kind}"', *_pieces(parts, engine), "}"]
    return engine.joined(list(_merged(pieces)))


def _pieces(parts: Sequence[Part], engine: Engine) -> Pieces:
    """Every part with a comma before it."""
    return [piece for part in parts for piece in _part(part, engine)]


def _part(part: Part, engine: Engine) -> Pieces:
    if isinstance(part, Member):
        told = [f',"{part.name}":', *engine.value(part.kind, part.column)]
    else:
        told = [f',"{part.name}":{{', *_inside(part, engine), "}"]
    if not part.when:
        return told
    whole = engine.joined(list(_merged(told)))
    return [Expression(f"CASE WHEN {part.when} THEN {whole} ELSE '' END")]


def _inside(part: Inner, engine: Engine) -> Pieces:
    inner = list(_merged(_pieces(part.members, engine)))
    if part.loose:
        return [Expression(f"substr({engine.joined(inner)}, 2)")]
    return [inner[0].removeprefix(","), *inner[1:]]


def _merged(pieces: Sequence[str]) -> Iterator[str]:
    """The same with neighbouring literals in one."""
    held = ""
    for piece in pieces:
        if not isinstance(piece, Expression):
            held += piece
            continue
        if held:
            yield held
        held = ""
        yield piece
    if held:
        yield held
