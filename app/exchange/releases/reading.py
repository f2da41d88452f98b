"""A release's rows as the dataset that formats read.

Every pass reads the file anew, one document at a time. What stays in memory grows with the
links alone: a link's row names its ends, and formats ask in which articles they lie.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from app.annotations.reported import innermost_of_each
from app.exchange.formats.base import Read
from app.exchange.formats.ndjson_reading import Rows
from app.exchange.releases.storage import Shelf, damaged
from app.exchange.rows import (
    AnnotationRow,
    ArticleRow,
    Document,
    Fragment,
    LinkRow,
    ProjectRow,
    SourceRow,
)
from app.kernel.targets import Span, Target

_START = b'{"type":"%s",'
_ID = slice(27, 63)
_ARTICLE_ID = slice(79, 115)
"""Where the two ids stand in the row of an annotation, which always begins with them."""


class ReleasedDataset:
    """What `rows.Dataset` asks for, from the file of a release."""

    def __init__(
        self, shelf: Shelf, release_id: str, sha256: str, project: ProjectRow, base_url: str
    ) -> None:
        self.project, self.base_url = project, base_url
        self._shelf, self._release_id, self._sha256 = shelf, release_id, sha256

    def native(self) -> Iterator[bytes]:
        """The rows themselves."""
        return self._shelf.pieces(self._release_id, self._sha256)

    def sources(self) -> Iterator[SourceRow]:
        """Every source with its other names."""
        for row in self._rows(b"source"):
            if isinstance(row, SourceRow):
                yield row

    def documents(self) -> Iterator[Document]:
        """Articles with what is tagged in them and the links that stay inside."""
        inner = self._inner_links()
        article: ArticleRow | None = None
        tagged: list[AnnotationRow] = []
        for row in self._rows(b"article", b"annotation"):
            if isinstance(row, AnnotationRow):
                tagged.append(row)
            elif isinstance(row, ArticleRow):
                if article is not None:
                    yield _document(article, tagged, inner[article.id])
                article, tagged = row, []
        if article is not None:
            yield _document(article, tagged, inner[article.id])

    def links(self) -> Iterator[LinkRow]:
        """Every link, told in which articles its ends lie."""
        for row in self._rows(b"link"):
            if isinstance(row, LinkRow):
                yield replace(
                    row,
                    from_article_id=self._articles_of_ends[row.from_id],
                    to_article_id=self._articles_of_ends[row.to_id],
                )

    def _inner_links(self) -> defaultdict[str, list[LinkRow]]:
        found: defaultdict[str, list[LinkRow]] = defaultdict(list)
        for link in self.links():
            if link.from_article_id == link.to_article_id:
                found[link.from_article_id].append(link)
        return found

    @cached_property
    def _articles_of_ends(self) -> dict[str, str]:
        """The article of every annotation that some link names."""
        rows = (row for row in self._rows(b"link") if isinstance(row, LinkRow))
        ends = {end for row in rows for end in (row.from_id, row.to_id)}
        found = {}
        for line in self._lines(b"annotation"):
            if (id_ := line[_ID].decode()) in ends:
                found[id_] = line[_ARTICLE_ID].decode()
        return found

    def _rows(self, *kinds: bytes) -> Iterator[object]:
        made = Rows()
        for line in self._lines(*kinds):
            for read in made.read(line, 0):
                if not isinstance(read, Read):
                    raise damaged()
                yield read.row

    def _lines(self, *kinds: bytes) -> Iterator[bytes]:
        starts = tuple(_START % kind for kind in kinds)
        for line in self._shelf.rows(self._release_id, self._sha256):
            if line.startswith(starts):
                yield line


def _document(article: ArticleRow, tagged: list[AnnotationRow], links: list[LinkRow]) -> Document:
    inside = [(row.id, _target(row.fragments)) for row in tagged]
    contents = [(row.id, _target(pieces)) for row in tagged if (pieces := row.parts.get("content"))]
    reporters = innermost_of_each(inside, contents) if contents else {}
    told = [replace(row, reported_by=reporters.get(row.id)) for row in tagged]
    return Document(article, told, links)


def _target(pieces: tuple[Fragment, ...]) -> Target:
    return Target.of(Span(piece.start, piece.end) for piece in pieces)
