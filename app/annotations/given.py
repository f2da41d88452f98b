"""Reading what a caller sent as a span: offsets, strings and the unit, one value at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.kernel.offsets import OffsetError, Ruler, Unit


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a span as sent.

    `pointer` is a JSON pointer relative to the span ("" for the span itself), `code` a stable
    word, `detail` a sentence, `extra` what helps to mend it (`found`, `candidates`), with offsets
    in the unit the caller counted in.
    """

    pointer: str
    code: str
    detail: str
    extra: dict[str, object] = field(default_factory=dict)


class SpanRefused(ValueError):
    """A span that does not fit the text; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(
            "; ".join(f"{problem.code} at '{problem.pointer}'" for problem in problems)
        )
        self.problems = problems


class SpanReader:
    """Reads values of one caller's span and keeps note of everything that is wrong with them.

    Pointers are relative to the span; `at` is where it stands in the span that it is a piece of,
    whose notes it then shares. Raises `SpanRefused` at once for an unknown unit, without which
    no offset can be read.
    """

    def __init__(
        self,
        ruler: Ruler,
        given: Mapping[str, object],
        at: str = "",
        problems: list[Problem] | None = None,
    ) -> None:
        self.ruler = ruler
        self.given = given
        self.at = at
        self.problems = [] if problems is None else problems
        self.unit = self._unit(given.get("unit"))

    def offset(self, key: str) -> int | None:
        """The offset under `key` as the caller counts, or None with its problem noted."""
        value = self.given.get(key)
        pointer = f"/{key}"
        if value is None:
            self.note(pointer, "missing_offsets", f"The {key} is missing.")
            return None
        number = self.integer(value, pointer)
        if number is not None and number < 0:
            self.note(pointer, "negative_offset", "An offset is never negative.")
            return None
        return number

    def integer(self, value: object, pointer: str) -> int | None:
        """`value` if it is an integer, or None with the problem noted."""
        # True and False are integers to Python, not to the caller.
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.note(pointer, "not_an_integer", "An offset is an integer.")
        return None

    def inward(self, offset: int, pointer: str) -> int | None:
        """A caller's offset as code points, or None with the problem noted."""
        try:
            return self.ruler.to_codepoints(offset, self.unit)
        except OffsetError as error:
            code = "past_the_end" if error.code == "out_of_range" else error.code
            self.note(pointer, code, error.detail)
            return None

    def outward(self, index: int) -> int:
        """A place in the text as the caller counts."""
        return self.ruler.from_codepoints(index, self.unit)

    def _unit(self, value: object) -> Unit:
        if value is None:
            return Unit.CODEPOINT
        if isinstance(value, str) and value in set(Unit):
            return Unit(value)
        raise self.refused("/unit", "unknown_unit", f"A unit is one of {', '.join(Unit)}.")

    def string(self, key: str) -> str | None:
        """The string under `key`, or None when it is absent or (noted) no string."""
        value = self.given.get(key)
        if value is None or isinstance(value, str):
            return value
        self.note(f"/{key}", "not_a_string", f"The {key} is a string.")
        return None

    def note(self, pointer: str, code: str, detail: str, **extra: object) -> None:
        """Write down one thing that is wrong, and go on."""
        self.problems.append(Problem(self.at + pointer, code, detail, extra))

    def refused(self, pointer: str, code: str, detail: str, **extra: object) -> SpanRefused:
        """The refusal that ends the reading here, with what was noted before."""
        self.note(pointer, code, detail, **extra)
        return SpanRefused(self.problems)
