"""The columns of Parquet files: every type stated, none guessed from the rows.

Offsets are int64, times are microseconds in UTC, decimals stay exact as strings, and what
repeats (fragments, parts, tags) is a list inside its row.
"""

import os
from typing import Any

from app.annotations.kinds import KINDS, Column
from app.exchange.formats.columns import PUBLISHED
from app.exchange.formats.extras import library

COLUMNS: tuple[Column, ...] = tuple(
    {column.name: column for kind in KINDS.values() for column in kind.columns}.values()
)
"""The attributes of all kinds, each name once: kinds that share a name share its column."""


def arrow() -> Any:
    """The pyarrow module, with its Parquet part."""
    # Read once, as it is loaded; the pool it takes otherwise keeps several times what is in use.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    library("pyarrow.parquet", extra="parquet")
    return library("pyarrow", extra="parquet")


def documents() -> Any:
    """One row an article, its text exactly as stored."""
    pa = arrow()
    return _schema(
        ["id!", "external_id", "title!", "language", *PUBLISHED],
        [("revision", pa.int64()), ("version", pa.int64())],
        _times(pa),
        [("regions", _spots(pa, "kind")), ("meta", pa.string())],
        ["text_sha256!", "text!"],
    )


def spans() -> Any:
    """One row an annotation; `exact` is the text of its envelope."""
    pa = arrow()
    return _schema(
        ["id!", "article_id!", "kind!"],
        [("start", pa.int64()), ("end", pa.int64())],
        ["exact!"],
        [("fragments", _spots(pa, "exact")), ("parts", _spots(pa, "role", "exact"))],
        ["layer!", "state!", "author_id!", "author_name!", *(c.name for c in COLUMNS)],
        ["attributes!"],
        [("tags", pa.list_(pa.string()))],
        ["note", "confidence", "origin!"],
        [("score", pa.float64())],
        ["reported_by", "verdict", "verdict_justification", "external_id"],
        [("version", pa.int64())],
        _times(pa),
    )


def links() -> Any:
    """One row a link; both relations are symmetric."""
    pa = arrow()
    return _schema(
        ["id!", "from_id!", "from_article_id!", "to_id!", "to_article_id!", "relation!"],
        ["basis", "independence", "confidence", "rationale", "group", "state!", "layer!"],
        ["author_id!", "author_name!", "external_id"],
        [("version", pa.int64())],
        _times(pa),
    )


def sources() -> Any:
    """One row a speaker or document that attributions name."""
    pa = arrow()
    return _schema(["id!", "name!", "type"], [("aliases", pa.list_(pa.string()))])


def _schema(*groups: list[Any]) -> Any:
    """Names are texts, `!` says never null; pairs give another type."""
    pa = arrow()
    fields = []
    for item in (item for group in groups for item in group):
        if isinstance(item, str):
            name = item.removesuffix("!")
            fields.append(pa.field(name, pa.string(), nullable=name == item))
        else:
            fields.append(pa.field(*item))
    return pa.schema(fields)


def _times(pa: Any) -> list[Any]:
    return [(name, pa.timestamp("us", tz="UTC")) for name in ("created_at", "updated_at")]


def _spots(pa: Any, *texts: str) -> Any:
    places = [("start", pa.int64()), ("end", pa.int64())]
    return pa.list_(pa.struct([*places, *((name, pa.string()) for name in texts)]))
