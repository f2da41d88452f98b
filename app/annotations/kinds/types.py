"""The types an attribute can have, each a small description that can check a value. Pure.

A description is data: the structs that check quickly, the OpenAPI description and the export
columns are all built from it. `load` gives the normalised value, ready for JSON,
or raises `Refused`; absent values never reach it, for null means absent everywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.annotations.kinds import values
from app.annotations.kinds.problems import Problem, Refused, under

Rule = Callable[[Mapping[str, Any]], Problem | None]
"""A rule across the members of one object: what its normalised form breaks, if anything."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text of at most `most` code points, kept exactly as sent."""

    most: int

    def load(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Refused.one("not_text", "This is a text.")
        if problem := values.text_problem(value, self.most):
            raise Refused([problem])
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of a closed list."""

    words: tuple[str, ...]

    def load(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise Refused.one("not_a_choice", f"One of {', '.join(self.words)}.")
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal, given as a JSON number or string and answered as a plain string."""

    def load(self, value: Any) -> str:
        return values.decimal_text(value)


@dataclass(frozen=True, slots=True)
class Free:
    """An object of a project's own making; its JSON Schema is the project's to check."""

    def load(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise Refused.one("not_an_object", "This is an object.")
        loaded: dict[str, Any] = values.free_json(dict(value))
        return loaded


@dataclass(frozen=True, slots=True)
class Record:
    """An object with named members and the rules that hold between them."""

    members: tuple["Attribute", ...]
    rules: tuple[Rule, ...] = ()

    def load(self, value: Any) -> dict[str, Any]:
        """The members in their declared order, absent ones left out. Raises `Refused`."""
        if not isinstance(value, Mapping):
            raise Refused.one("not_an_object", "This is an object.")
        problems = list(self._unknown(value))
        loaded: dict[str, Any] = {}
        for member in self.members:
            try:
                member.load_into(loaded, value.get(member.name))
            except Refused as refused:
                problems += under(member.name, refused.problems)
        problems = problems or list(self.broken(loaded))
        if problems:
            raise Refused(problems)
        return loaded

    def broken(self, loaded: Mapping[str, Any]) -> Iterable[Problem]:
        """What the rules between members say of an object whose members are each right."""
        for rule in self.rules:
            if problem := rule(loaded):
                yield problem

    def _unknown(self, value: Mapping[Any, Any]) -> Iterable[Problem]:
        names = [member.name for member in self.members]
        for name in value:
            if name not in names:
                yield from under(name, [unknown_member(names)])


@dataclass(frozen=True, slots=True)
class ListOf:
    """At most `most` records; an empty list says the same as no list and is left out."""

    record: Record
    most: int

    def load(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list | tuple):
            raise Refused.one("not_a_list", "This is a list.")
        if len(value) > self.most:
            raise Refused.one("too_many", f"At most {self.most}; this has {len(value)}.")
        loaded: list[dict[str, Any]] = []
        problems: list[Problem] = []
        for place, item in enumerate(value):
            try:
                loaded.append(self.record.load(item))
            except Refused as refused:
                problems += under(place, refused.problems)
        if problems:
            raise Refused(problems)
        return loaded


Type = Text | Choice | Number | Free | Record | ListOf


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named member: its type, what it means to an annotator, and whether it must be there."""

    name: str
    type: Type
    doc: str
    required: bool = False

    def load_into(self, loaded: dict[str, Any], value: Any) -> None:
        """Adds the normalised value unless there is none. Raises `Refused`."""
        if value is not None:
            value = self.type.load(value)
        if value is not None and value != []:
            loaded[self.name] = value
        elif self.required:
            raise Refused.one("required", f"Give {self.name}.")


def unknown_member(names: Iterable[str]) -> Problem:
    """The answer to a member that no one declared."""
    return Problem("", "unknown_field", f"Unknown; this object knows {', '.join(names)}.")


def when(*, text: bool = False) -> Record:
    """A date with its precision; with `text`, the words of the article may stand alone."""
    members = (
        Attribute("value", Text(21), "ISO 8601: 2015, 2015-10, 2015-10-13 or two with a slash."),
        Attribute("precision", Choice(values.PRECISIONS), "How much of the date is known."),
    )
    words = Attribute("text", Text(200), "The time in the article's own words.")
    return Record((*members, words) if text else members, (_dated(text),))


def _dated(text: bool) -> Rule:
    hint = "Give value and precision, or text alone." if text else "Give value and precision."

    def rule(loaded: Mapping[str, Any]) -> Problem | None:
        value, precision = loaded.get("value"), loaded.get("precision")
        if value is not None and precision is not None:
            return values.moment_problem(value, precision)
        if value is None and precision is None and "text" in loaded:
            return None
        return Problem("", "incomplete_date", hint)

    return rule
