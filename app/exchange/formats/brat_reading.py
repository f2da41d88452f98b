"""brat's standoff lines back to rows: what a person sees in brat wins over what notes remember."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.exchange.formats.base import Options, Read, Unreadable
from app.exchange.formats.brat_writing import CHOICES, Pieces, camel, unbroken
from app.exchange.formats.checks import Page, storable, unit_of
from app.exchange.formats.details import annotation_fields, link_of, person_of
from app.exchange.formats.folding import Folded
from app.exchange.formats.labels import ROLES, Labels
from app.exchange.formats.parsing import parsed
from app.exchange.rows import AnnotationRow, ArticleRow, Fragment, Json, LinkRow

_SPAN = re.compile(r"([0-9]{1,15}) ([0-9]{1,15})")
_NUMBERED = re.compile(r"[0-9]*\Z")
_ATTRIBUTES = {camel(name): name for name in CHOICES}


@dataclass(slots=True)
class _Bound:
    """A T line: its label, and its stretches of folded text."""

    label: str
    pieces: Pieces
    line: int


@dataclass(slots=True)
class _Event:
    """An E line: which T it stands on, and the T of each part with its role."""

    label: str
    trigger: str
    parts: list[tuple[str, str]]


@dataclass(slots=True)
class StandoffReader:
    """One document's .ann file. `rows` yields its annotations, then its links."""

    article: ArticleRow
    folded: Folded
    name: str
    options: Options
    bounds: dict[str, _Bound] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    relations: list[tuple[int, str, str, tuple[str, str]]] = field(default_factory=list)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    details: dict[str, Json] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _parts: set[str] = field(default_factory=set)

    def rows(self, ann: str) -> Iterator[Read | Unreadable]:
        """Every row that the lines give; a bad line is yielded and left out."""
        labels = Labels(self.options)
        page = Page(self.folded.text, unit_of(self.options))
        for number, line in enumerate(ann.split("\n"), 1):
            if line.strip():
                yield from self._guarded(number, partial(self._take, number, line, page))
        for event in self.events.values():
            self._parts.update(bound for _, bound in event.parts)
        triggers = {event.trigger: name for name, event in self.events.items()}
        for key, bound in self.bounds.items():
            if key in triggers or key not in self._parts:
                row = partial(self._row, key, triggers.get(key), labels)
                yield from self._guarded(bound.line, row)
        for number, key, label, ends in self.relations:
            yield from self._guarded(number, partial(self._link, key, label, ends, labels))

    def _guarded(
        self, number: int, step: Callable[[], AnnotationRow | LinkRow | None]
    ) -> Iterator[Read | Unreadable]:
        try:
            if row := step():
                yield Read(row, number, self.name)
        except Unreadable as error:
            yield Unreadable(error.detail, code=error.code, line=number, name=self.name)

    def _take(self, number: int, line: str, page: Page) -> None:
        """Files one line under what it is about."""
        key, _, rest = line.rstrip("\r").partition("\t")
        body, _, tail = rest.partition("\t")
        if key == "*":
            self._take_alike(number, body.split())
            return
        if key in self.bounds or key in self.events:
            raise Unreadable(f"{key[:20]} stands twice.", code="duplicate_id")
        if key.startswith("T"):
            self.bounds[key] = self._bound(body, tail, page, number)
        elif key.startswith("E"):
            self.events[key] = _event(body)
        elif key.startswith("R"):
            label, _, ends = body.partition(" ")
            self.relations.append((number, key, label, _ends(ends.split())))
        elif key.startswith(("A", "M")):
            name, target, *value = (*body.split(" ", 2), "", "")
            self.attributes.setdefault(target, {})[name] = value[0]
        elif key.startswith("#"):
            self._note(body, tail)
        elif not key.startswith("N"):
            raise Unreadable(f"No brat line begins with {key[:20]!r}.", code="unknown_line")

    def _take_alike(self, number: int, words: list[str]) -> None:
        """An equivalence names any number of ends and has no id: a relation from its first."""
        if len(words) < 3:
            raise Unreadable("An equivalence has a label and two ends.", code="bad_line")
        label, first, *others = words
        for other in others:
            key = f"{label}-{first}-{other}"
            self.relations.append((number, key, label, (first, other)))

    def _bound(self, body: str, tail: str, page: Page, number: int) -> _Bound:
        label, _, offsets = body.partition(" ")
        found = [_SPAN.fullmatch(piece) for piece in offsets.strip().split(";")]
        pieces = [page.fragment(int(m[1]), int(m[2])) for m in found if m]
        if len(pieces) < len(found):
            raise Unreadable("A T line has a label and pairs of offsets.", code="bad_line")
        quote = " ".join(piece.exact for piece in pieces)
        if tail.strip() and tail.strip() != quote.strip():
            shown = f"The text there is {quote[:60]!r}, the file says {tail[:60]!r}."
            raise Unreadable(shown, code="quote_mismatch")
        return _Bound(label, [(piece.start, piece.end) for piece in pieces], number)

    def _note(self, body: str, tail: str) -> None:
        kind, _, target = body.partition(" ")
        if kind == "Factmark":
            found = parsed(tail)
            self.details[target] = found if isinstance(found, dict) else {}
        elif kind == "AnnotatorNotes":
            self.notes[target] = tail

    def _row(self, key: str, event: str | None, labels: Labels) -> AnnotationRow | None:
        bound = self.bounds[key]
        kind = labels.kind(self.events[event].label if event else bound.label)
        if kind is None:
            return None
        about = (event, key) if event else (key,)
        details = next((self.details[t] for t in about if t in self.details), {})
        given = annotation_fields(details)
        local = f"{self.article.external_id or self.article.id}#{key}"
        given.setdefault("external_id", None if details else local)
        ident = storable(details.get("id", local), "An id")
        for target in about:
            self._ids[target] = ident
        given["attributes"] = self._visible(given.get("attributes", {}), about)
        self._noted(given, about)
        return AnnotationRow(
            ident, self.article.id, kind,
            self._fragments(bound.pieces, details.get("fragments")),
            person_of(details.get("author")),
            parts=self._roles(self.events[event], details) if event else {},
            **given,
        )  # fmt: skip

    def _visible(self, attributes: Json, about: tuple[str, ...]) -> Json:
        """The attributes of the note, with brat's own lines in place of all closed choices."""
        shown = {k: v for target in about for k, v in self.attributes.get(target, {}).items()}
        chosen = {_ATTRIBUTES[name]: value for name, value in shown.items() if name in _ATTRIBUTES}
        kept = {name: v for name, v in attributes.items() if name not in CHOICES or name in chosen}
        return kept | chosen

    def _noted(self, given: Json, about: tuple[str, ...]) -> None:
        note = next((self.notes[target] for target in about if target in self.notes), None)
        if note is None:
            given.pop("note", None)
        elif " ".join((given.get("note") or "").split()) != note:
            given["note"] = storable(note, "A note")

    def _roles(self, event: _Event, details: Json) -> dict[str, tuple[Fragment, ...]]:
        found: dict[str, Pieces] = {}
        for role, key in event.parts:
            if key not in self.bounds:
                raise Unreadable(f"{key[:20]} is not in the file.", code="unknown_reference")
            found.setdefault(role, []).extend(self.bounds[key].pieces)
        noted = details.get("parts")
        noted = noted if isinstance(noted, dict) else {}
        roles = [role for role in ROLES if role in found or role in noted]
        parts = {role: self._fragments(found.get(role, []), noted.get(role)) for role in roles}
        return {role: pieces for role, pieces in parts.items() if pieces}

    def _fragments(self, pieces: Pieces, noted: Any) -> tuple[Fragment, ...]:
        """Fragments of the original text; the noted ones if brat shows the same stretches."""
        exact = _pairs(noted, len(self.folded.text))
        text = self.folded.text
        shown = [piece for one, two in exact for piece in unbroken(text, one, two)]
        used = exact if exact and sorted(shown) == sorted(pieces) else pieces
        original, back = self.article.text, self.folded.back
        edges = [(back(start), back(end)) for start, end in used]
        return tuple(Fragment(start, end, original[start:end]) for start, end in edges)

    def _link(self, key: str, label: str, ends: tuple[str, str], labels: Labels) -> LinkRow | None:
        relation = labels.relation(label)
        if relation is None:
            return None
        for end in ends:
            if end not in self._ids:
                raise Unreadable(f"{end[:20]} is no annotation here.", code="unknown_reference")
        here, local = self.article.id, f"{self.article.external_id or self.article.id}#{key}"
        details = self.details.get(key, {"id": local, "external_id": local})
        one, two = (self._ids[end] for end in ends)
        shown = {"from_id": one, "from_article_id": here, "to_id": two, "to_article_id": here}
        return link_of({**details, **shown, "relation": relation})


def _event(body: str) -> _Event:
    head, _, arguments = body.partition(" ")
    label, _, trigger = head.partition(":")
    parts = []
    for argument in arguments.split():
        role, _, key = argument.partition(":")
        plain = _NUMBERED.sub("", role).lower()
        if plain not in ROLES:
            raise Unreadable(f"{role[:40]!r} is no part of an attribution.", code="unknown_part")
        parts.append((plain, key))
    return _Event(label, trigger, parts)


def _ends(found: list[str]) -> tuple[str, str]:
    ends = [end.partition(":")[2] for end in found]
    if len(ends) != 2 or not all(ends):
        raise Unreadable("An R line has a label and two ends.", code="bad_line")
    return ends[0], ends[1]


def _pairs(noted: Any, length: int) -> Pieces:
    """Noted stretches of folded text, or none where they are not usable."""
    if not isinstance(noted, list):
        return []
    pairs = [tuple(pair) for pair in noted if isinstance(pair, list) and len(pair) == 2]
    usable = [
        (start, end)
        for start, end in pairs
        if type(start) is int and type(end) is int and 0 <= start < end <= length
    ]
    return usable if len(usable) == len(noted) else []
