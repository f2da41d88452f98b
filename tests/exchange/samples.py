"""The formats' sample, as far as the API would take it."""

from dataclasses import replace
from typing import Any

from app.exchange.rows import AnnotationRow
from tests.exchange.formats.sample import MemoryDataset, sample


def importable() -> MemoryDataset:
    """Every awkward text and shape there is.

    The API takes no article without a text, and a verdict of claims only, with a justification.
    """
    whole = sample()
    rows = [replace(row, verdict=_justified(row)) for row in whole.rows]
    articles = [article for article in whole.articles if article.text]
    return MemoryDataset(articles, rows, whole.link_rows, whole.source_rows)


def _justified(row: AnnotationRow) -> dict[str, Any] | None:
    if row.verdict is None or row.kind != "claim":
        return None
    return {**row.verdict, "justification": row.verdict["justification"] or "Because."}
