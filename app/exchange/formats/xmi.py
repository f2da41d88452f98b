"""UIMA CAS as XMI: one file an article and the type system, in a zip.

Follows the XMI serialisation of the UIMA reference (Apache UIMA References, "XMI CAS
Serialization Reference"). Offsets are UTF-16 code units, as UIMA counts.
"""

import re
from collections.abc import Iterator
from typing import Any

from app.annotations.kinds import KINDS
from app.exchange.formats import across
from app.exchange.formats.base import Format, Options
from app.exchange.formats.columns import PUBLISHED
from app.exchange.formats.jsons import text_of
from app.exchange.formats.naming import stem
from app.exchange.formats.xmi_types import type_of, type_system
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import AnnotationRow, ArticleRow, Dataset, Document, Fragment, LinkRow
from app.kernel.offsets import Ruler, Unit

_SOFA = 1
_FIRST = 2
_TAGS = {name: type_of(kind).replace(".", ":") for name, kind in KINDS.items()}

# XML 1.0 forbids these; one character stands for each, so that no offset moves.
_FORBIDDEN = [c for c in range(0x20) if c not in (0x09, 0x0A, 0x0D)] + [0xFFFE, 0xFFFF]
_ESCAPES = {
    **dict.fromkeys(_FORBIDDEN, "\ufffd"),
    **{ord(c): f"&#{ord(c)};" for c in "\t\n\r"},
    **str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}),
}
_SPECIAL = re.compile('[\x00-\x1f&<>"\ufffe\uffff]')

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" '
    'xmlns:factmark="http:///factmark.ecore" xmi:version="2.0">\n'
    '<cas:NULL xmi:id="0"/>\n'
)


class Xmi(Format):
    """A zip of TypeSystem.xml and one .xmi an article."""

    name, title = "xmi", "UIMA CAS XMI (zip)"
    media_type, suffix = "application/zip", "xmi.zip"
    keeps = (
        "Texts with their line ends, spans that overlap, nest or have gaps, parts, attributes as "
        "features, tags, verdicts; links within an article as relations, those across articles "
        "in a file beside."
    )
    loses = (
        "Control characters that XML 1.0 forbids become U+FFFD; the list of sources; regions and "
        "free metadata of articles."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip, one article in memory at a time."""
        return zipped(_members(dataset))


def _members(dataset: Dataset) -> Iterator[Member]:
    yield Member("TypeSystem.xml", [type_system()])
    for document in dataset.documents():
        yield Member(f"xmi/{stem(document.article)}.xmi", [_Cas(document).written()])
    yield across.member(dataset)


class _Cas:
    """One article being written: numbers its feature structures in order."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._ruler = Ruler(document.article.text)
        self._lines: list[str] = []
        self._facts: dict[str, tuple[int, AnnotationRow]] = {}

    def written(self) -> bytes:
        article = self._document.article
        self._article(article)
        for row in self._document.annotations:
            self._fact(row)
        for link in self._document.links:
            self._link(link)
        members = " ".join(map(str, range(_FIRST, _FIRST + len(self._lines))))
        sofa = _element(
            "cas:Sofa",
            _SOFA,
            sofaNum=1,
            sofaID="_InitialView",
            mimeType="text/plain",
            sofaString=article.text,
        )
        view = f'<cas:View sofa="{_SOFA}" members="{members}"/>\n</xmi:XMI>\n'
        return "".join([_HEAD, *self._lines, sofa, view]).encode()

    def _add(self, tag: str, start: int, end: int, /, **features: Any) -> int:
        number = _FIRST + len(self._lines)
        begin, close = (self._ruler.from_codepoints(o, Unit.UTF16) for o in (start, end))
        self._lines.append(_element(tag, number, sofa=_SOFA, begin=begin, end=close, **features))
        return number

    def _article(self, article: ArticleRow) -> None:
        self._add(
            "factmark:Article",
            0,
            len(article.text),
            language=article.language or "x-unspecified",
            article_id=article.id,
            external_id=article.external_id,
            title=article.title,
            **{name: article.source.get(name) for name in PUBLISHED},
            text_sha256=article.text_sha256,
        )

    def _fact(self, row: AnnotationRow) -> None:
        number = self._add(_TAGS[row.kind], row.start, row.end, **_features(row))
        self._facts[row.id] = number, row
        if len(row.fragments) > 1:
            self._pieces(number, "fragment", row.fragments)
        for role, pieces in row.parts.items():
            self._pieces(number, role, pieces)

    def _pieces(self, fact: int, role: str, pieces: tuple[Fragment, ...]) -> None:
        for place, piece in enumerate(pieces, 1):
            self._add("factmark:Piece", piece.start, piece.end, fact=fact, role=role, number=place)

    def _link(self, link: LinkRow) -> None:
        ends = self._facts.get(link.from_id), self._facts.get(link.to_id)
        if ends[0] is None or ends[1] is None:
            return
        number, dependent = ends[1]
        self._add(
            "factmark:Link",
            dependent.start,
            dependent.end,
            Governor=ends[0][0],
            Dependent=number,
            link_id=link.id,
            **{name: getattr(link, name) for name in _LINK},
            author_id=link.author.id,
            author_name=link.author.name,
        )


_FACT = (
    "layer", "state", "note", "confidence", "origin", "score", "reported_by", "external_id",
    "created_at", "updated_at",
)  # fmt: skip
_LINK = (
    "relation", "basis", "independence", "rationale", "confidence", "group", "state", "layer",
    "external_id",
)  # fmt: skip


def _features(row: AnnotationRow) -> dict[str, Any]:
    verdict = row.verdict or {}
    columns = KINDS[row.kind].columns
    return {
        "fact_id": row.id,
        **{c.name: c.take(row.attributes) for c in columns if c.path[0] in row.attributes},
        "attributes": text_of(row.attributes) if row.attributes else None,
        "tags": text_of(row.tags) if row.tags else None,
        "author_id": row.author.id,
        "author_name": row.author.name,
        "verdict": verdict.get("label"),
        "verdict_justification": verdict.get("justification"),
        **{name: getattr(row, name) for name in _FACT},
    }


def _element(tag: str, number: int, /, **features: Any) -> str:
    told = "".join(
        f' {name}="{_escaped(str(value))}"' for name, value in features.items() if value is not None
    )
    return f'<{tag} xmi:id="{number}"{told}/>\n'


def _escaped(value: str) -> str:
    # Most values are plain, and looking costs a tenth of translating.
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value
