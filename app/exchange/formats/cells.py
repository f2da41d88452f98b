"""Tables as a database writes them: lines of cells, the same on every engine.

A line ends in LF, U+0002 stands between cells. A free text stands between U+0001, which is
doubled within it; a cell with nothing in it is null. So the database puts a row together,
and one reader in C takes a thousand apart: nothing in Python is done a row.
"""

import csv
import io
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeGuard

from app.exchange.rows import Dataset

DELIMITER, QUOTE = "\x02", "\x01"

DOCUMENTS = (
    "id", "external_id", "title", "language", "publisher", "author", "url", "published_on",
    "published_precision", "credited_source", "revision", "version", "created_at", "updated_at",
    "regions", "meta", "text_sha256", "text",
)  # fmt: skip
SPANS = (
    "id", "article_id", "kind", "start", "end", "exact", "fragments", "parts", "layer", "state",
    "author_id", "author_name", "attributes", "tags", "note", "confidence", "origin", "score",
    "verdict", "verdict_justification", "external_id", "version", "created_at", "updated_at",
)  # fmt: skip
FRAGMENTS = ("id", "article_id", "start", "end", "exact", "fragments")
PARTS = ("id", "article_id", "parts")
LINKS = (
    "id", "from_id", "from_article_id", "to_id", "to_article_id", "relation", "basis",
    "independence", "confidence", "rationale", "group", "state", "layer", "author_id",
    "author_name", "external_id", "version", "created_at", "updated_at",
)  # fmt: skip
TABLES = {
    "documents": DOCUMENTS,
    "spans": SPANS,
    "fragments": FRAGMENTS,
    "parts": PARTS,
    "links": LINKS,
}
"""The cells of each table in order. `fragments` has a row a span with what tells its fragments,
`parts` one for each span that has parts. The `updated_at` of a span that never changed is null:
two moments a line take the database a tenth of the time."""

# A cell may hold the whole text of an article, whatever its length.
csv.field_size_limit(2**31 - 1)


class Block(NamedTuple):
    """Some whole lines of a table, and how many. A span's article is in one block only."""

    data: bytes
    rows: int


class Tabular(Dataset, Protocol):
    """A dataset that can have its tables written."""

    def table(self, name: str) -> Iterator[Block]:
        """The rows of one of `TABLES` in their order; empty cells are null."""
        ...


def is_tabular(dataset: Dataset) -> TypeGuard[Tabular]:
    """Whether a dataset has its tables written by the database."""
    return hasattr(dataset, "table")


def rows_in(block: Block) -> Iterator[list[str]]:
    """The lines of a block as cells; null and the empty text both come as ""."""
    # Decoded as it is read: one emoji would make a whole block four bytes a character.
    page = io.TextIOWrapper(io.BytesIO(block.data), encoding="utf-8", newline="")
    return csv.reader(page, delimiter=DELIMITER, quotechar=QUOTE)


@lru_cache(maxsize=1024)
def moment(cell: str) -> str:
    """A moment as rows have it, from the form in which either engine writes it."""
    if cell.endswith("Z"):
        return cell
    day, time = cell.removesuffix("+00").split(" ")
    seconds, _, fraction = time.partition(".")
    return f"{day}T{seconds}.{fraction:0<6}Z"
