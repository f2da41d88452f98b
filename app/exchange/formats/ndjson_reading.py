"""Native lines as rows, for whoever wants rows of them."""

from collections import OrderedDict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import UNSET

from app.annotations.kinds.as_msgspec import check
from app.exchange.formats.base import Read, Row, Unreadable
from app.exchange.formats.checks import UNKNOWN, Page
from app.exchange.formats.parsing import decoded, parsed_line
from app.exchange.native.lines import (
    DECODER,
    AnnotationLine,
    ArticleLine,
    Author,
    LinkLine,
    Piece,
    ProjectLine,
    RevisionLine,
    SourceLine,
    VerdictMember,
)
from app.exchange.rows import (
    AnnotationRow,
    ArticleRow,
    Fragment,
    Json,
    LinkRow,
    Person,
    SourceRow,
)

# Annotations follow their article at once in every file that we write.
_TEXTS_KEPT = 8


class Rows:
    """Turns one file's lines into rows, line after line."""

    def __init__(self) -> None:
        self._pages: OrderedDict[str, Page] = OrderedDict()

    def read(self, raw: bytes, number: int) -> Iterable[Read | Unreadable]:
        """The row of a line; none for the project's own, nor for an earlier text."""
        try:
            line = DECODER.decode(decoded(raw).encode())
            if not isinstance(line, (ProjectLine, RevisionLine)):
                yield Read(self._row(line), number)
        except Unreadable as error:
            yield Unreadable(error.detail, code=error.code, line=number)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            yield Unreadable(f"This is no line of ours: {error}.", code="bad_line", line=number)

    def _row(self, line: SourceLine | ArticleLine | AnnotationLine | LinkLine) -> Row:
        match line:
            case SourceLine():
                return SourceRow(_id(line), line.name, line.source_type, tuple(line.aliases))
            case ArticleLine():
                return self._article(line)
            case AnnotationLine():
                return self._annotation(line)
            case LinkLine():
                return _link(line)

    def _article(self, line: ArticleLine) -> ArticleRow:
        text = str(_given(line.text, ""))
        row = ArticleRow(
            id=_id(line),
            title=str(_given(line.title, "")),
            text=text,
            text_sha256=sha256(text.encode()).hexdigest(),
            external_id=_given(line.external_id, None),
            language=_given(line.language, None),
            source=_given(line.source, None) or {},
            regions=_given(line.regions, None) or [],
            meta=parsed_line(bytes(line.meta)) or {} if line.meta else {},
            revision=line.revision,
            version=line.version,
            created_at=line.created_at,
            updated_at=line.updated_at or line.created_at,
        )
        self._pages[row.id] = Page(text)
        while len(self._pages) > _TEXTS_KEPT:
            self._pages.popitem(last=False)
        return row

    def _annotation(self, line: AnnotationLine) -> AnnotationRow:
        page = self._pages.get(line.article_id or "")
        if page is None:
            detail = "An annotation comes after its article, with few articles between."
            raise Unreadable(detail, code="unknown_article")
        attributes = check(line.kind, line.attributes) if line.attributes else {}
        if isinstance(attributes, list):
            told = attributes[0]
            raise Unreadable(f"/attributes{told.pointer}: {told.detail}", code=told.code)
        parts = msgspec.structs.asdict(line.parts) if line.parts else {}
        return AnnotationRow(
            id=_id(line),
            article_id=line.article_id or "",
            kind=line.kind,
            fragments=_fragments([line.target], page),
            author=_person(line.author),
            attributes=attributes,
            parts={name: _fragments(pieces, page) for name, pieces in parts.items()},
            tags=tuple(line.tags or ()),
            note=line.note,
            confidence=line.confidence,
            origin=line.origin,
            score=line.score,
            state=line.state,
            external_id=line.external_id,
            layer=line.layer,
            verdict=_verdict(line.verdict),
            version=line.version,
            created_at=line.created_at,
            updated_at=line.updated_at or line.created_at,
        )


def _link(line: LinkLine) -> LinkRow:
    return LinkRow(
        id=_id(line),
        from_id=line.from_ or "",
        from_article_id="",
        to_id=line.to or "",
        to_article_id="",
        relation=line.relation,
        author=_person(line.author),
        basis=line.basis,
        independence=line.independence,
        rationale=line.rationale,
        confidence=line.confidence,
        group=line.group,
        state=line.state,
        external_id=line.external_id,
        layer=line.layer,
        version=line.version,
        created_at=line.created_at,
        updated_at=line.updated_at or line.created_at,
    )


def _fragments(pieces: Iterable[Piece], page: Page) -> tuple[Fragment, ...]:
    flat = [inner for piece in pieces for inner in piece.fragments or [piece]]
    return tuple(page.fragment(piece.start, piece.end, piece.exact) for piece in flat)


def _id(line: SourceLine | ArticleLine | AnnotationLine | LinkLine) -> str:
    return line.id or ""


def _given(value: Any, otherwise: Any) -> Any:
    return otherwise if value is UNSET else value


def _verdict(found: VerdictMember | None) -> Json | None:
    return {"label": found.label, "justification": found.justification} if found else None


def _person(author: Author | None) -> Person:
    return Person(author.id, author.name) if author else UNKNOWN
