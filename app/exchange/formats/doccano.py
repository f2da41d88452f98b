"""doccano: one JSON object a line, as its relation extraction projects export and import it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any, BinaryIO, cast

from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.checks import UNKNOWN, Page, offset, optional, storable, unit_of
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsons import dumped
from app.exchange.formats.labels import Labels
from app.exchange.formats.lines import lines
from app.exchange.formats.parsing import parsed_line
from app.exchange.formats.peeking import Peeked
from app.exchange.formats.unzipping import archive, is_zip
from app.exchange.rows import AnnotationRow, ArticleRow, Dataset, Document, Json, LinkRow
from app.kernel.offsets import Unit

Rows = Iterator[Read | Unreadable]


class Doccano(Format):
    """JSON lines with text, entities and relations."""

    name, title = "doccano", "doccano (JSON lines)"
    media_type, suffix = "application/jsonl", "doccano.jsonl"
    reads = True
    keeps = (
        "Texts, spans with their kind, links within an article; ids, titles and external ids as "
        "further keys, which doccano shows as metadata."
    )
    loses = (
        "Attributes, parts, authors, review, links between articles and sources. A span with gaps "
        "becomes an entity a fragment, one whose `annotation` is the same. doccano refuses empty "
        "texts, so articles without text are left out; it drops overlaps unless its project "
        "allows them."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """One line an article; entity ids count on over the whole file."""
        return chunked(_lines(dataset))

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """Rows of such lines, or of the older `label`/`labels` lists of [start, end, label].

        They may come in the zip that doccano makes: of all.jsonl, or of a file an annotator.
        Options: `unit` of the offsets (doccano's own page counts UTF-16), `labels`.
        """
        peeked = Peeked(stream)
        try:
            if not is_zip(peeked.head(4)):
                yield from _file(cast(BinaryIO, peeked), options, None)
                return
            with archive(peeked.whole(), options) as opened:
                yield from opened.problems
                for name in opened.names:
                    if name.endswith((".jsonl", ".json")):
                        with opened.opened(name) as member:
                            yield from _file(member, options, name)
        except Unreadable as error:
            yield error


def _lines(dataset: Dataset) -> Iterator[bytes]:
    counted = 0
    for document in dataset.documents():
        if document.article.text:
            line, counted = _line(document, counted)
            yield dumped(line) + b"\n"


def _line(document: Document, counted: int) -> tuple[Json, int]:
    article, entities, first = document.article, [], {}
    for row in document.annotations:
        first[row.id] = counted + 1
        for piece in row.fragments:
            counted += 1
            entity = {"id": counted, "label": row.kind, "start_offset": piece.start}
            entities.append({**entity, "end_offset": piece.end, "annotation": row.id})
    relations = [
        {"id": number, "from_id": first[k.from_id], "to_id": first[k.to_id], "type": k.relation,
         "link": k.id}
        for number, k in enumerate(document.links, 1)
        if k.from_id in first and k.to_id in first
    ]  # fmt: skip
    line = {"id": article.id, "text": article.text, "entities": entities, "relations": relations}
    return {**line, "title": article.title, "external_id": article.external_id}, counted


def _file(stream: BinaryIO, options: Options, name: str | None) -> Rows:
    """The rows of one file, told by its name where it lies in an archive."""
    labels, unit = Labels(options), unit_of(options)
    for number, line in lines(stream, options):
        if line.strip():
            for read in _document(line, number, labels, unit):
                yield _named(read, name)


def _named(read: Read | Unreadable, name: str | None) -> Read | Unreadable:
    if isinstance(read, Read):
        return read if name is None else replace(read, name=name)
    return Unreadable(read.detail, code=read.code, line=read.line, name=name)


def _document(line: bytes, number: int, labels: Labels, unit: Unit) -> Rows:
    try:
        found = parsed_line(line)
        article = _article(found, number)
        yield Read(article, number)
        reader = _Entities(article, Page(article.text, unit), labels, number)
        yield from reader.rows(found)
    except Unreadable as error:
        yield Unreadable(error.detail, code=error.code, line=number)


def _article(found: Any, number: int) -> ArticleRow:
    if not isinstance(found, dict):
        raise Unreadable("A line is an object.", code="not_an_object")
    text = storable(found.get("text"), "`text`")
    own = found.get("id")
    ident = str(own) if isinstance(own, str | int) else f"line-{number}"
    external = optional(found.get("external_id"), "`external_id`")
    title = optional(found.get("title"), "`title`")
    return ArticleRow(
        storable(ident, "`id`"),
        ident if title is None else title,
        text,
        sha256(text.encode()).hexdigest(),
        external_id=external if "external_id" in found or own is None else ident,
    )


class _Entities:
    """The entities and relations of one line."""

    def __init__(self, article: ArticleRow, page: Page, labels: Labels, number: int) -> None:
        self._article, self._page, self._labels, self._number = article, page, labels, number
        self._rows: dict[str, AnnotationRow] = {}
        self._ids: dict[int, str] = {}

    def rows(self, found: Json) -> Rows:
        """Its annotations, then its links; a bad one is told and left out."""
        listed = next((found[k] for k in ("entities", "label", "labels") if k in found), None) or []
        for place, entity in enumerate(listed if isinstance(listed, list) else []):
            try:
                self._entity(entity, place)
            except Unreadable as error:
                yield self._told(error)
        yield from (Read(row, self._number) for row in self._rows.values())
        relations = found.get("relations")
        for place, relation in enumerate(relations if isinstance(relations, list) else []):
            try:
                if link := self._link(relation, place):
                    yield Read(link, self._number)
            except Unreadable as error:
                yield self._told(error)

    def _told(self, error: Unreadable) -> Unreadable:
        return Unreadable(error.detail, code=error.code, line=self._number)

    def _entity(self, entity: Any, place: int) -> None:
        if isinstance(entity, list) and len(entity) == 3:
            keys = ("start_offset", "end_offset", "label")
            entity = dict(zip(keys, entity, strict=True))
        if not isinstance(entity, dict):
            raise Unreadable("An entity is an object or [start, end, label].", code="bad_entity")
        kind = self._labels.kind(storable(entity.get("label"), "A label"))
        if kind is None:
            return
        piece = self._page.fragment(entity.get("start_offset"), entity.get("end_offset"))
        number = offset(entity.get("id", place), "An entity's id")
        own = optional(entity.get("annotation"), "`annotation`")
        local = f"{self._article.id}#{number}"
        self._ids[number] = ident = own or local
        if ident in self._rows:
            earlier = self._rows[ident]
            self._rows[ident] = replace(earlier, fragments=(*earlier.fragments, piece))
        else:
            external = None if own else local
            here = self._article.id
            row = AnnotationRow(ident, here, kind, (piece,), UNKNOWN, external_id=external)
            self._rows[ident] = row

    def _link(self, found: Any, place: int) -> LinkRow | None:
        if not isinstance(found, dict):
            raise Unreadable("A relation is an object.", code="bad_relation")
        relation = self._labels.relation(storable(found.get("type"), "A relation's type"))
        if relation is None:
            return None
        ends = [offset(found.get(key), f"`{key}`") for key in ("from_id", "to_id")]
        if not all(end in self._ids for end in ends):
            raise Unreadable("A relation names no entity here.", code="unknown_reference")
        here, own = self._article.id, optional(found.get("link"), "`link`")
        local = f"{here}#relation-{found.get('id', place)}"
        one, two = (self._ids[end] for end in ends)
        ident = own or storable(local, "An id")
        external = None if own else ident
        return LinkRow(ident, one, here, two, here, relation, UNKNOWN, external_id=external)
