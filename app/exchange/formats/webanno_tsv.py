"""WebAnno TSV 3.3, as INCEpTION and WebAnno import it: a zip of one .tsv an article.

Follows the format's description in INCEpTION's user guide. Offsets count UTF-16 code units.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.exchange.formats import across
from app.exchange.formats.base import Format, Options
from app.exchange.formats.naming import stem
from app.exchange.formats.tokens import Token, sentences, tokens
from app.exchange.formats.webanno_escapes import escaped, value
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import AnnotationRow, Dataset, Document, Fragment

FACT, PART, LINK = "webanno.custom.Fact", "webanno.custom.FactPart", "webanno.custom.FactLink"
ATTRIBUTES = ("statement", "claim_type", "value", "value_max", "unit", "comparator", "quotation")
FEATURES = ("annotation", "kind", "fragment", "author", "state", *ATTRIBUTES)
HEADER = (
    "#FORMAT=WebAnno TSV 3.3\n"
    f"#T_SP={FACT}|{'|'.join(FEATURES)}\n"
    f"#T_SP={PART}|annotation|role\n"
    f"#T_RL={LINK}|relation|basis|BT_{FACT}\n"
    "\n\n"
)
_README = f"""# WebAnno TSV 3.3

One file an article. Before importing, make these layers (all features of type string):

- span layer {FACT} with {", ".join(FEATURES)}
- span layer {PART} with annotation, role
- relation layer {LINK} on {FACT} with relation, basis

All with any granularity, overlap and stacking allowed, crossing sentences allowed.
"""

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class WebAnnoTsv(Format):
    """Tokens with facts, parts and links in the columns of three layers."""

    name, title = "webanno-tsv", "WebAnno TSV 3.3 (zip)"
    media_type, suffix = "application/zip", "webanno.zip"
    keeps = (
        "Texts with their line ends, spans with overlap and nesting (tokens are cut at their "
        "edges), the most used attributes, parts, and links within an article."
    )
    loses = (
        "Other attributes, tags, notes and review; white space before the first word becomes "
        "blanks, white space at a span's edges and spans of white space alone are not held; CR in "
        "attribute values becomes LF. A fragment of a span with gaps is an annotation of its own. "
        "Links between articles are in a file that INCEpTION does not read."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip, with a README that names the layers to make first."""
        return zipped(_members(dataset))


def _members(dataset: Dataset) -> Iterator[Member]:
    yield Member("README.md", [_README.encode()])
    for document in dataset.documents():
        yield Member(f"{stem(document.article)}.tsv", [_Sheet(document).written().encode()])
    yield across.member(dataset)


@dataclass(slots=True, eq=False)
class _Unit:
    """One annotation of a layer on its tokens; `number` disambiguates it where that is needed."""

    values: list[str]
    first: int
    end: int
    number: int = 0

    def numbered(self, number: int) -> None:
        """Gives it its number, which every one of its values then shows."""
        self.number = number
        self.values = [f"{said}[{number}]" for said in self.values]


Stretches = dict[int, list[_Unit]]


class _Sheet:
    """The .tsv of one document."""

    def __init__(self, document: Document) -> None:
        self._document, self._text = document, document.article.text
        rows = document.annotations
        parts = [piece for row in rows for pieces in row.parts.values() for piece in pieces]
        spans = [*(piece for row in rows for piece in row.fragments), *parts]
        edges = {edge for piece in spans for edge in (piece.start, piece.end)}
        self._tokens: list[Token] = tokens(self._text, edges)
        self._starts = [start for start, _ in self._tokens]
        self._astral = [match.start() for match in _ASTRAL.finditer(self._text)]
        self._sentences = sentences(self._text)
        self._facts: list[_Unit] = []
        self._roles: list[_Unit] = []
        self._links: dict[int, list[tuple[str, str, str]]] = {}
        self._first: dict[str, _Unit] = {}

    def written(self) -> str:
        """The whole file."""
        for row in self._document.annotations:
            self._annotate(row)
        facts, roles = _stretches(self._facts), _stretches(self._roles)
        _disambiguate([*facts.items(), *roles.items()])
        self._relate()
        return HEADER + "".join(self._pieces(facts, roles))

    def _annotate(self, row: AnnotationRow) -> None:
        attributes = [*map(value, map(row.attributes.get, ATTRIBUTES))]
        whole, shared = len(row.fragments), (value(row.author.name), value(row.state), *attributes)
        for number, piece in enumerate(row.fragments, 1):
            # A kind and a place hold nothing that is reserved.
            if unit := self._placed(piece, [value(row.id), row.kind, f"{number}/{whole}", *shared]):
                self._first.setdefault(row.id, unit)
                self._facts.append(unit)
        for role, pieces in row.parts.items():
            units = (self._placed(piece, [value(row.id), role]) for piece in pieces)
            self._roles += [unit for unit in units if unit]

    def _placed(self, piece: Fragment, values: list[str]) -> _Unit | None:
        first = bisect_left(self._starts, piece.start)
        end = bisect_left(self._starts, piece.end, first)
        return _Unit(values, first, end) if first < end else None

    def _relate(self) -> None:
        names = self._names()
        for link in self._document.links:
            source, target = self._first.get(link.from_id), self._first.get(link.to_id)
            if source and target:
                place = names[source.first]
                if source.number or target.number:
                    place += f"[{source.number}_{target.number}]"
                said = (value(link.relation), value(link.basis), place)
                self._links.setdefault(target.first, []).append(said)

    def _names(self) -> list[str]:
        """The sentence-token name of each token, both counted from 1."""
        return [
            f"{number}-{place}"
            for number, (at, end) in enumerate(self._parts(), 1)
            for place in range(1, end - at + 1)
        ]

    def _parts(self) -> Iterator[tuple[int, int]]:
        """The range of tokens of each sentence."""
        edges = [bisect_left(self._starts, sentence.start) for sentence in self._sentences]
        return pairwise([*edges, len(self._tokens)])

    def _pieces(self, facts: Stretches, roles: Stretches) -> Iterator[str]:
        text, rows = self._text, self._rows(facts, roles)
        ends = [*[sentence.start for sentence in self._sentences][1:], len(text)]
        for number, ((at, end), sentence, after) in enumerate(
            # Without sentences there is one end too many, which strictness would refuse.
            zip(self._parts(), self._sentences, ends, strict=False),
            1,
        ):
            # All up to the next sentence belongs to this one; the reader adds one LF itself.
            shown = text[sentence.start : after].removesuffix("\n")
            lead = "" if number == 1 else "\n"
            yield lead + "".join(f"#Text={escaped(line)}\n" for line in shown.split("\n"))
            named = enumerate(rows[at:end], 1)
            yield "".join([f"{number}-{place}\t{row}" for place, row in named])

    def _rows(self, facts: Stretches, roles: Stretches) -> list[str]:
        """What stands on the line of each token after its name."""
        text, tokens, places = self._text, self._tokens, self._places()
        # Columns change only where a span begins or ends, and for the one token with a link.
        linked = {place for index in self._links for place in (index, index + 1)}
        cuts = sorted({0, len(tokens), *linked, *facts, *roles})
        fact_cells, role_cells = _stacked([], len(FEATURES)), _stacked([], 2)
        rows: list[str] = []
        for at, end in pairwise(cuts):
            if (units := facts.get(at)) is not None:
                fact_cells = _stacked(units, len(FEATURES))
            if (units := roles.get(at)) is not None:
                role_cells = _stacked(units, 2)
            links = _linked(self._links[at]) if at in self._links else "_\t_\t_\t"
            cells = f"{fact_cells}{role_cells}{links}\n"
            here = zip(places[at:end], tokens[at:end], strict=True)
            rows += [f"{place}\t{text[start:stop]}\t{cells}" for place, (start, stop) in here]
        return rows

    def _places(self) -> list[str]:
        """Start and end of each token in UTF-16 code units."""
        if not self._astral:
            return [f"{start}-{stop}" for start, stop in self._tokens]
        places: list[str] = []
        before, coming = 0, iter([*self._astral, len(self._text) + 1])
        following = next(coming)
        for start, stop in self._tokens:
            while following < start:
                before, following = before + 1, next(coming)
            first = start + before
            while following < stop:
                before, following = before + 1, next(coming)
            places.append(f"{first}-{stop + before}")
        return places


def _stretches(units: list[_Unit]) -> Stretches:
    """The units that stand on each token from which on others stand there than before."""
    starting: dict[int, list[_Unit]] = {}
    for unit in units:
        starting.setdefault(unit.first, []).append(unit)
    found: Stretches = {}
    active: list[_Unit] = []
    for place in sorted({unit.first for unit in units} | {unit.end for unit in units}):
        active = [unit for unit in active if unit.end > place] + starting.get(place, [])
        found[place] = active
    return found


def _disambiguate(stretches: Iterable[tuple[int, list[_Unit]]]) -> None:
    """Numbers what covers several tokens or shares one with another of its layer."""
    count = 0
    for _, units in stretches:
        for unit in units:
            if not unit.number and (len(units) > 1 or unit.end - unit.first > 1):
                count += 1
                unit.numbered(count)


def _stacked(units: list[_Unit], width: int) -> str:
    if not units:
        return "_\t" * width
    stacks = zip(*[unit.values for unit in units], strict=True)
    return "\t".join(map("|".join, stacks)) + "\t"


def _linked(links: list[tuple[str, str, str]]) -> str:
    return "\t".join(map("|".join, zip(*links, strict=True))) + "\t"
