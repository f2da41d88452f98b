"""The reader page: an article with all that is tagged in it, and every link that leaves it.

Four statements, however many annotations: the door, the article, its annotations, its links.
Where some have no place in the present text, their earlier texts are a fifth, if offsets are to
be counted in another unit.
Who reports what and how many links each annotation has is worked out from these.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from app.annotations import queries as annotation_queries
from app.annotations.presenting import together
from app.articles.texts import several
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.links import queries
from app.links.presenting import present

Json = dict[str, Any]


def reader(
    actor: Actor, article: Row[Any], asked: frozenset[str], unit: Unit, *, most: int
) -> Json:
    """The members that `include` asks for: `annotations`, `links`, or both."""
    rows = [row._mapping for row in queries.of_article(actor, article.id)]
    document: Json = {}
    if "annotations" in asked:
        found = annotation_queries.of_article(actor, article.id, most)
        values = [row._mapping for row in found[:most]]
        placed = [row for row in values if row["anchoring"] != "orphaned"]
        orphaned = [row for row in values if row["anchoring"] == "orphaned"]
        counts = _counts(rows)
        document["annotations"] = together(placed, placed, counts, unit)
        if unit is not Unit.CODEPOINT:
            several(article.id, {row["revision"] for row in orphaned})  # in one statement
        document["orphaned"] = together(orphaned, orphaned, counts, unit)
        if len(found) > most:
            document["annotations_truncated"] = True
    if "links" in asked:
        document["links"] = [present(row) for row in rows]
    return document


def _counts(rows: Sequence[Mapping[Any, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        relation = row["relation"]
        for end in (row["from_id"], row["to_id"]):
            here = counts.setdefault(end, {})
            here[relation] = here.get(relation, 0) + 1
    return counts
