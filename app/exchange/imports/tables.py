"""The rows that an import writes: tables in the order of their references, and their columns.

A row is a tuple of what both engines take as it is: text (ids, documents, and times as RFC
3339 among it), numbers and None.
"""

from operator import itemgetter
from typing import Any

Row = tuple[Any, ...]
Json = dict[str, Any]

_TIMES = ("version", "created_at", "updated_at")
COLUMNS: dict[str, tuple[str, ...]] = {
    "users": (
        *("id", "email", "name", "password_hash", "is_admin", "disabled_at"),
        *_TIMES,
    ),
    "articles": (
        *("id", "project_id", "external_id", "original_id", "title", "language"),
        *("publisher", "author", "url", "published_on", "published_precision", "credited_source"),
        *("regions", "meta", "state", "revision", "author_id"),
        *_TIMES,
    ),
    "revisions": (
        *("article_id", "number", "text", "sha256", "codepoints", "utf16", "bytes"),
        *("author_id", "created_at"),
    ),
    "sources": ("id", "project_id", "name", "type", "original_id", *_TIMES),
    "source_names": ("project_id", "key", "name", "source_id"),
    "annotations": (
        *("id", "project_id", "article_id", "revision", "kind", "start_offset", "end_offset"),
        *("exact", "prefix", "suffix", "fragments", "parts", "attributes", "topic", "tags"),
        *("source_keys", "note", "confidence", "origin", "score", "state", "layer"),
        *("external_id", "original_id", "author_id", "anchoring", "anchoring_score"),
        *_TIMES,
    ),
    "verdicts": (
        *("annotation_id", "project_id", "label", "justification", "user_id"),
        *_TIMES,
    ),
    "links": (
        *("id", "project_id", "from_id", "to_id", "pair_low", "pair_high", "relation", "basis"),
        *("independence", "rationale", "confidence", "group_name", "state", "layer"),
        *("external_id", "original_id", "author_id"),
        *_TIMES,
    ),
    "changes": (
        *("project_id", "article_id", "thing", "thing_id", "version", "action"),
        *("author_id", "actor_id", "at", "after"),
    ),
}

SHARED = ("users", "sources", "source_names")
"""What others may make at the same moment: where it is there already, theirs stands."""

_TUPLE = {table: itemgetter(*columns) for table, columns in COLUMNS.items()}


class Rows:
    """Rows waiting to be written, by table."""

    def __init__(self) -> None:
        self.of: dict[str, list[Row]] = {table: [] for table in COLUMNS}

    def add(self, table: str, values: Json) -> None:
        """One more row; `values` has every column of the table, and may have more."""
        self.of[table].append(_TUPLE[table](values))
