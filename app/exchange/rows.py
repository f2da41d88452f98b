"""The rows every format receives and gives. Pure: no database, no Flask.

A format never sees a table. The exporter hands it a `Dataset`; an importer's reader yields
the same rows back, with `None` where the format could not say.

Offsets are Unicode code points over the article's text, `end` exclusive. Numbers inside
`attributes` are decimal strings. Times are RFC 3339 strings in UTC ending in `Z`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who tagged or linked: an id that does not change and a name to show."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Fragment:
    """One unbroken stretch of text: `text[start:end] == exact`."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with its text exactly as stored (line ends and Unicode form included).

    `source` has publisher, author, url, published_on, published_precision and
    credited_source, each present only when known. `regions` are `{start, end, kind}`.
    """

    id: str
    title: str
    text: str
    text_sha256: str
    external_id: str | None = None
    language: str | None = None
    source: Json = field(default_factory=dict)
    regions: list[Json] = field(default_factory=list)
    meta: Json = field(default_factory=dict)
    revision: int = 1
    version: int = 1
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """One tagged claim, figure or attribution.

    `fragments` has one entry for an unbroken span and more for a discontinuous one, in
    text order. `parts` (attributions only) maps source, cue, content and antecedent to
    lists of fragments. `layer` is "annotator" or "adjudicated".
    """

    id: str
    article_id: str
    kind: str
    fragments: tuple[Fragment, ...]
    author: Person
    attributes: Json = field(default_factory=dict)
    parts: dict[str, tuple[Fragment, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    note: str | None = None
    confidence: str | None = None
    origin: str = "human"
    score: float | None = None
    state: str = "draft"
    external_id: str | None = None
    layer: str = "annotator"
    reported_by: str | None = None
    verdict: Json | None = None
    version: int = 1
    created_at: str | None = None
    updated_at: str | None = None

    @property
    def start(self) -> int:
        """Where the span begins; of a discontinuous one, where its envelope begins."""
        return self.fragments[0].start

    @property
    def end(self) -> int:
        """Where the span (or its envelope) ends, exclusive."""
        return self.fragments[-1].end


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A symmetric link between two annotations; `from_id` and `to_id` name its ends."""

    id: str
    from_id: str
    from_article_id: str
    to_id: str
    to_article_id: str
    relation: str
    author: Person
    basis: str | None = None
    independence: str | None = None
    rationale: str | None = None
    confidence: str | None = None
    group: str | None = None
    state: str = "draft"
    external_id: str | None = None
    layer: str = "annotator"
    version: int = 1
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A speaker or document that attributions name, with its other names."""

    id: str
    name: str
    type: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """What a dataset says of itself."""

    id: str
    slug: str
    name: str
    description: str = ""
    guidelines: str = ""
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One article with its annotations in text order and the links that stay inside it."""

    article: ArticleRow
    annotations: Sequence[AnnotationRow]
    links: Sequence[LinkRow] = ()


class Home(Protocol):
    """Where IRIs are rooted: a project of an installation; `base_url` has no trailing slash."""

    project: ProjectRow
    base_url: str


class Dataset(Home, Protocol):
    """What a writer reads, from one snapshot of the database.

    Every method may be called again and starts over, so that a format of several tables
    makes one pass a table instead of holding them all. Memory is flat: one document, or
    one batch of links, at a time.
    """

    def documents(self) -> Iterator[Document]: ...

    def links(self) -> Iterator[LinkRow]: ...

    def sources(self) -> Iterator[SourceRow]: ...
