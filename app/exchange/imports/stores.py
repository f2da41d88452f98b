"""Where an import looks things up and puts them: the same questions to both engines.

The driver runs the statements as they are. An import asks few of them, of many rows each.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from app.exchange.imports.tables import Rows


class FoundArticle(NamedTuple):
    """An article of the project, with the hash of its present text.

    `key` is the id it goes out under: the one it had where it was first made.
    """

    id: str
    key: str
    external_id: str | None
    revision: int
    sha256: str


class FoundThing(NamedTuple):
    """An annotation or a link, and whose it is; `key` is as in an article.

    `seen` says whether the importer may know of it: who works blind may not of the others' work.
    """

    id: str
    key: str
    external_id: str | None
    author_id: str
    seen: bool


class Pair(NamedTuple):
    """Two annotations that somebody has linked in a layer."""

    low: str
    high: str
    author_id: str
    layer: str


class Store(Protocol):
    """One import's view of the database; it sees what the import itself has put.

    `works_apart` says that it works in another process, so that we can work meanwhile; `at_once`
    is how many things it likes to be asked about and handed together.
    """

    works_apart: bool
    at_once: int

    def articles(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundArticle]:
        """Articles of the project that go by one of these ids or external ids."""
        ...

    def annotations(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundThing]:
        """Annotations, likewise."""
        ...

    def links(self, keys: Sequence[str], named: Sequence[str]) -> Iterable[FoundThing]:
        """Links, likewise."""
        ...

    def pairs(self, lows: Sequence[str]) -> Iterable[Pair]:
        """The pairs that begin with one of these."""
        ...

    def sources(self, keys: Sequence[str]) -> Iterable[str]:
        """Those of these ids that a source goes by."""
        ...

    def names(self, keys: Sequence[str]) -> Iterable[str]:
        """Those of these folded names that a source has."""
        ...

    def people(self, ids: Sequence[str]) -> Iterable[str]:
        """Those of these ids that somebody has."""
        ...

    def text(self, article_id: str, revision: int) -> str | None:
        """A text of an article of the project; None where it has no such revision."""
        ...

    def empty(self) -> bool:
        """Whether the project holds nothing yet."""
        ...

    def take_over(self, values: dict[str, Any]) -> int:
        """Let the project say these things of itself; the version that this makes."""
        ...

    def put(self, rows: Rows) -> None:
        """Keep these rows."""
        ...

    def finish(self, *, together: bool) -> None:
        """Write what was put; `together` means all or nothing."""
        ...

    def close(self) -> None:
        """Leave nothing behind on the connection."""
        ...


_ARTICLE = (
    "a.id, coalesce(a.original_id, a.id), a.external_id, a.revision, r.sha256"
    " FROM {at}articles a JOIN {at}revisions r"
    " ON r.article_id = a.id AND r.number = a.revision"
)
_DONE = "EXISTS (SELECT 1 FROM unveiled u WHERE u.user_id = {blind} AND u.article_id = %s)"
_THING = (
    "a.id, coalesce(a.original_id, a.id), a.external_id, a.author_id,"
    " {blind} IS NULL OR a.author_id = {blind} OR "
)
_ANNOTATION = f"{_THING}{_DONE % 'a.article_id'} FROM {{at}}annotations a"
_VEILED = f"e.id IN (a.from_id, a.to_id) AND NOT {_DONE % 'e.article_id'}"
_SEEN = f"NOT EXISTS (SELECT 1 FROM {{at}}annotations e WHERE {_VEILED})"  # noqa: S608 - our own names
_LINK = f"{_THING}{_SEEN} FROM {{at}}links a"
_THIRDS = (
    "a.original_id {keys}",
    "a.id {keys}",
    "a.external_id {named}",
)


def known(what: str) -> str:
    """A select of things by id or external id, as three so that each uses its own index."""
    return " UNION ALL ".join(
        f"SELECT {what} WHERE a.project_id = {{project}} AND {third}" for third in _THIRDS
    )


ARTICLES, ANNOTATIONS, LINKS = known(_ARTICLE), known(_ANNOTATION), known(_LINK)
PAIRS = (
    "SELECT a.pair_low, a.pair_high, a.author_id, a.layer FROM {at}links a"
    " WHERE a.project_id = {project} AND a.pair_low {keys}"
)
SOURCES = (
    "SELECT a.original_id FROM {at}sources a"
    " WHERE a.project_id = {project} AND a.original_id {keys}"
    " UNION ALL SELECT a.id FROM {at}sources a WHERE a.project_id = {project} AND a.id {keys}"
)
NAMES = "SELECT a.key FROM {at}source_names a WHERE a.project_id = {project} AND a.key {named}"
PEOPLE = "SELECT a.id FROM {at}users a WHERE a.id {keys}"
TEXT = "SELECT r.text FROM {at}revisions r WHERE r.article_id = {article} AND r.number = {revision}"
ANYTHING = (
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM {at}articles WHERE project_id = {project})"
    " OR EXISTS (SELECT 1 FROM {at}sources WHERE project_id = {project})"
)
"""Statements with gaps: `at` is the schema, the others are parameters in the driver's spelling.

`blind` is the importer's id where they work blind; what they see is told by the rules of
`annotations.queries.seen` and `links.queries.seen`.
"""
