"""What a kind of annotation is: one description that everything else is built from. Pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import msgspec

from app.annotations.kinds.types import Attribute, Free, ListOf, Number, Record, Rule

ColumnType = Literal["text", "decimal", "json"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of annotations, and the path of its value in the attributes.

    "decimal" columns hold plain decimal strings; "json" columns hold lists and free objects
    as JSON text, since a table has no other place for them.
    """

    name: str
    path: tuple[str, ...]
    type: ColumnType
    doc: str

    def take(self, attributes: dict[str, Any]) -> str | None:
        """The cell for these (normalised) attributes, or None where they have no value."""
        value: Any = attributes
        for step in self.path:
            value = value.get(step)
            if value is None:
                return None
        return msgspec.json.encode(value).decode() if self.type == "json" else str(value)


@dataclass(frozen=True)
class Kind:
    """A kind of annotation: its name, its meaning, and the attributes it may carry.

    `has_parts` says whether its span has named parts (source, cue, content, antecedent).
    `rules` hold between attributes; they see normalised attributes and run on every path.
    """

    name: str
    doc: str
    attributes: tuple[Attribute, ...]
    has_parts: bool = False
    rules: tuple[Rule, ...] = ()

    @cached_property
    def record(self) -> Record:
        """All attributes of the kind as one object, the project's own under `extra`."""
        extra = Attribute("extra", Free(), "What the project's own schema adds.")
        return Record((*self.attributes, extra), self.rules)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The attributes as flat columns, in declared order: `time` gives `time_value`, …"""
        return tuple(
            column for member in self.record.members for column in _columns(member, (), member.doc)
        )


def _columns(member: Attribute, above: tuple[str, ...], doc: str) -> list[Column]:
    path = (*above, member.name)
    if isinstance(member.type, Record):
        return [
            column
            for inner in member.type.members
            for column in _columns(inner, path, f"{doc} {inner.doc}")
        ]
    return [Column("_".join(path), path, _column_type(member), doc)]


def _column_type(member: Attribute) -> ColumnType:
    if isinstance(member.type, ListOf | Free):
        return "json"
    return "decimal" if isinstance(member.type, Number) else "text"
