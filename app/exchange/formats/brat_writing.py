"""One article as brat keeps it: a text with LF ends, standoff lines, and what neither can hold.

The notation is described in brat's own manual under "standoff format"; event lines for
attributions follow PARC 3.0 and PolNeAR (trigger: the whole relation; arguments: its parts).
"""

import re
from collections.abc import Iterator, Sequence

from app.annotations.kinds import KINDS
from app.annotations.kinds.types import Choice
from app.exchange.formats.details import annotation_details, article_details, link_object
from app.exchange.formats.folding import Folded
from app.exchange.formats.jsons import dumped, text_of
from app.exchange.rows import AnnotationRow, Document, Fragment, Json

Pieces = list[tuple[int, int]]

# brat reads .ann files line by line the Unicode way, so no quoted text may hold any of these.
BREAKS = re.compile("[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
CHOICES: dict[str, tuple[str, ...]] = {
    attribute.name: attribute.type.words
    for kind in KINDS.values()
    for attribute in kind.attributes
    if isinstance(attribute.type, Choice)
}
_OWN = {
    kind.name: [attribute.name for attribute in kind.attributes if attribute.name in CHOICES]
    for kind in KINDS.values()
}


def camel(name: str) -> str:
    """`claim_type` as brat names it: `ClaimType`."""
    return "".join(word.capitalize() for word in name.split("_"))


def unbroken(text: str, start: int, end: int) -> Pieces:
    """The stretches between line ends that hold more than white space."""
    pieces, at = [], start
    for gap in BREAKS.finditer(text, start, end):
        pieces.append((at, gap.start()))
        at = gap.end()
    pieces.append((at, end))
    return [(one, two) for one, two in pieces if text[one:two].strip()]


class Standoff:
    """Writes the lines of one document; ids are numbered from 1 within it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.folded = Folded.of(document.article.text)
        self.lines: list[str] = []
        self.left_out: list[str] = []
        self._counts = dict.fromkeys("TERA#", 0)
        self._bound: dict[str, str] = {}

    def ann(self) -> bytes:
        """The content of the .ann file."""
        for row in self.document.annotations:
            self._annotation(row)
        for link in self.document.links:
            one, two = self._bound.get(link.from_id), self._bound.get(link.to_id)
            if one and two:
                self._line("R", f"{link.relation.capitalize()} Arg1:{one} Arg2:{two}")
                self._line("#", f"Factmark {self._last('R')}", text_of(link_object(link)))
        return "".join(self.lines).encode()

    def txt(self) -> bytes:
        """The content of the .txt file."""
        return self.folded.text.encode()

    def json(self) -> bytes:
        """What is known of the article itself, and what brat could not hold. After `ann`."""
        details = article_details(self.document.article)
        if ends := self.folded.note():
            details["line_ends"] = ends
        if self.left_out:
            details["left_out"] = self.left_out
        return dumped(details) + b"\n"

    def _annotation(self, row: AnnotationRow) -> None:
        span, exact = self._pieces(row.fragments)
        if not span:
            self.left_out.append(row.id)
            return
        bound = target = self._text_bound(row.kind.capitalize(), span)
        self._bound[row.id] = bound
        note = annotation_details(row)
        if not exact:
            note["fragments"] = self._folded(row.fragments)
        if row.kind == "attribution":
            target = self._event(row, bound, note)
        for name in _OWN.get(row.kind, ()):
            if (value := row.attributes.get(name)) is not None:
                self._line("A", f"{camel(name)} {target} {value}")
        if row.note:
            self._line("#", f"AnnotatorNotes {target}", " ".join(row.note.split()))
        self._line("#", f"Factmark {target}", text_of(note))

    def _event(self, row: AnnotationRow, trigger: str, note: Json) -> str:
        arguments, inexact = [], {}
        for role, fragments in row.parts.items():
            known = True
            for number, group in enumerate(disjoint(fragments), 1):
                span, exact = self._pieces(group)
                known = known and exact and number == 1
                if span:
                    name = role.capitalize()
                    bound = self._text_bound(name, span)
                    arguments.append(f" {name}{number if number > 1 else ''}:{bound}")
            if not known:
                inexact[role] = self._folded(fragments)
        if inexact:
            note["parts"] = inexact
        return self._line("E", f"Attribution:{trigger}{''.join(arguments)}")

    def _pieces(self, fragments: Sequence[Fragment]) -> tuple[Pieces, bool]:
        """What brat can hold of them, and whether that is exactly what they are."""
        folded = self._folded(fragments)
        text = self.folded.text
        pieces = [piece for start, end in folded for piece in unbroken(text, start, end)]
        return pieces, pieces == folded

    def _folded(self, fragments: Sequence[Fragment]) -> Pieces:
        if not self.folded.pairs:
            return [(piece.start, piece.end) for piece in fragments]
        place = self.folded.place
        return [(place(piece.start), place(piece.end)) for piece in fragments]

    def _text_bound(self, name: str, span: Pieces) -> str:
        offsets = ";".join(f"{start} {end}" for start, end in span)
        quote = " ".join(self.folded.text[start:end] for start, end in span)
        return self._line("T", f"{name} {offsets}", quote)

    def _line(self, letter: str, body: str, tail: str | None = None) -> str:
        self._counts[letter] += 1
        name = self._last(letter)
        self.lines.append(f"{name}\t{body}\t{tail}\n" if tail is not None else f"{name}\t{body}\n")
        return name

    def _last(self, letter: str) -> str:
        return f"{letter}{self._counts[letter]}"


def disjoint(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    """The fragments in as few groups as have no overlap inside: brat allows none in one span."""
    groups: list[list[Fragment]] = []
    for piece in sorted(fragments, key=lambda piece: (piece.start, piece.end)):
        for group in groups:
            if group[-1].end <= piece.start:
                group.append(piece)
                break
        else:
            groups.append([piece])
    return groups


def configuration() -> Iterator[str]:
    """The lines of annotation.conf: what may be tagged, so that brat opens the folder as it is."""
    yield "[entities]\nClaim\nFigure\nSource\nCue\nContent\nAntecedent\n"
    yield "[relations]\n"
    for name in ("Corroborates", "Contradicts"):
        yield f"{name}\tArg1:<ANY>, Arg2:<ANY>, <REL-TYPE>:symmetric\n"
    yield "[events]\n"
    yield "Attribution\tSource*:Source, Cue*:Cue, Content*:Content, Antecedent*:Antecedent\n"
    yield "[attributes]\n"
    for name, words in CHOICES.items():
        yield f"{camel(name)}\tArg:<ANY>, Value:{'|'.join(words)}\n"
