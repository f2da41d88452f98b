"""Rows that a reader of another format gives, as the lines they would be in our own.

Other formats have ids of their own making, good within one file. Each becomes an id here that
always comes out the same for the same thing of the same file: so a link finds its ends, and
a file that is imported again changes nothing. An article's is made from its text too, since
files like to count from one. Of those who work blind each has ids of their own: they tag the
same texts with the same tool, and their files call different things by the same names. A project
may be blind today and not tomorrow: so each thing tells by which id it would go then, and what is
the importer's own is found by either.

Tools that know only labels say of a figure where it stands, and no more. Its value is read from
its own words where they are certain; it says so by its origin, unless a machine tagged it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from app.exchange.formats.base import Read, Row, Unreadable
from app.exchange.formats.ndjson_writing import (
    annotation_line,
    article_line,
    link_line,
    source_line,
)
from app.exchange.imports.entries import Entry, Pairs, read_line
from app.exchange.imports.figures import figure_said
from app.exchange.imports.reporting import FromWords, Place, fault
from app.exchange.rows import AnnotationRow, ArticleRow, Json, LinkRow, SourceRow
from app.kernel.ids import is_id
from app.kernel.jsons import dumps

Whose = tuple[str, ...]
"""What sets a person's ids apart; nothing, where they are everybody's."""


class Foreign:
    """One file in another format; `scope` is the format's name.

    `language` is that of the texts, where the file does not say; `importer` the id of who brings
    it in, and `blind` whether they work so.
    """

    def __init__(self, scope: str, language: str | None, importer: str, *, blind: bool) -> None:
        self._scope, self._language = scope, language
        self._whose: Whose = (importer,) if blind else ()
        self._otherwise: Whose = () if blind else (importer,)
        self._articles: dict[str, str] = {}
        self._languages: dict[str, str] = {}

    def entries(self, rows: Iterable[Read | Unreadable]) -> Iterator[Entry]:
        """The rows as lines, in the order in which they come."""
        for read in rows:
            place = Place(read.line, read.name)
            if isinstance(read, Unreadable):
                yield Entry(place, [fault("", read.code, read.detail)])
                continue
            row, from_words = self._completed(read.row)
            raw = _encoded(self._line(row))
            yield Entry(place, read_line(raw), len(raw), from_words, self._once(row))

    def _completed(self, row: Row) -> tuple[Row, FromWords | None]:
        """A figure of which the file gives only the place, as its words say it."""
        if not isinstance(row, AnnotationRow) or row.kind != "figure" or row.attributes:
            return row, None
        words = " ".join(fragment.exact for fragment in row.fragments)
        if not words:  # the file leaves it to the text
            return row, None
        said = figure_said(words, self._languages.get(row.article_id, self._language))
        origin = "import" if row.origin == "human" else row.origin
        how: FromWords = "with_value" if "value" in said else "vague"
        return replace(row, attributes=said, origin=origin), how

    def _line(self, row: Row) -> Json:
        match row:
            case ArticleRow():
                return self._article(row)
            case AnnotationRow():
                here = self._article_key(row.article_id)
                (own,) = self._ids(row, self._whose)
                found = {**annotation_line(_in_order(row)), "article_id": here}
                return self._owned(row, {**found, "id": own})
            case LinkRow():
                one, other, own = self._ids(row, self._whose)
                return self._owned(row, {**link_line(row), "id": own, "from": one, "to": other})
            case SourceRow():
                return {**source_line(row), "id": self._id(row.id, "source")}

    def _article(self, row: ArticleRow) -> Json:
        key = self._articles[row.id] = self._id(row.id, "article", row.text_sha256)
        if row.language:
            self._languages[row.id] = row.language
        title = row.title or row.external_id or "Untitled"
        language = row.language or self._language
        return {**article_line(row), "id": key, "title": title, "language": language}

    def _once(self, row: Row) -> Pairs:
        """Its ids, each with what it would be were the importer's work blind, or not so."""
        if not isinstance(row, AnnotationRow | LinkRow):
            return ()
        both = zip(self._ids(row, self._whose), self._ids(row, self._otherwise), strict=True)
        return tuple((here, other) for here, other in both if here != other)

    def _ids(self, row: AnnotationRow | LinkRow, whose: Whose) -> tuple[str, ...]:
        """The ids of a row's ends, if it is a link, and its own."""
        if isinstance(row, AnnotationRow):
            return (self._inside(row.id, row.article_id, whose),)
        one = self._inside(row.from_id, row.from_article_id, whose)
        other = self._inside(row.to_id, row.to_article_id, whose)
        return one, other, self._id(row.id, "link", one, other, *whose)

    def _article_key(self, id_: str) -> str:
        return self._articles.get(id_) or self._id(id_, "article")

    def _inside(self, id_: str, article: str, whose: Whose) -> str:
        return self._id(id_, "annotation", self._article_key(article), *whose)

    def _owned(self, row: AnnotationRow | LinkRow, line: Json) -> Json:
        """Without an author whom no id of ours names, and a name that others' files have too."""
        if line["author"] is not None and not is_id(line["author"]["id"]):
            line["author"] = None
        if self._whose and row.external_id == row.id:
            line["external_id"] = None
        return line

    def _id(self, id_: str, *more: str) -> str:
        """The id itself where it is one of ours, else one made of all that is given.

        It has the form of a UUID of version 8 (RFC 9562, section 5.8), whose bits are free.
        """
        if is_id(id_):
            return id_
        told = "\0".join((self._scope, *more, id_)).encode()
        made = blake2b(told, digest_size=16).hexdigest()
        return f"{made[:8]}-{made[8:12]}-8{made[13:16]}-a{made[17:20]}-{made[20:]}"


def _in_order(row: AnnotationRow) -> AnnotationRow:
    """The same with its fragments in text order: a tool may list them as they were tagged."""
    places = sorted(row.fragments, key=lambda piece: (piece.start, piece.end))
    return replace(row, fragments=tuple(places))


def _encoded(line: Json) -> bytes:
    known = {name: value for name, value in line.items() if value is not None}
    try:
        return dumps(known)
    except TypeError:  # a whole number past 64 bits, which is judged as in any other line
        return json.dumps(known, ensure_ascii=False).encode()
