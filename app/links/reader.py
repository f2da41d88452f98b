"""The reader page: an article with all that is tagged in it, and every link that leaves it.

Four statements at most, however many annotations: the door with the article, the versions of
its annotations and, where some are not at hand, the annotations themselves, and its links.
Where offsets are counted in another unit and some have no place in the present text, their
earlier texts are one more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.annotations import kept
from app.annotations import queries as annotation_queries
from app.annotations.beside import Counts
from app.annotations.presenting import together
from app.articles.texts import several
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.links import queries
from app.links.presenting import present

Json = dict[str, Any]


def reader(actor: Actor, article_id: str, asked: frozenset[str], unit: Unit, *, most: int) -> Json:
    """The members that `include` asks for: `annotations`, `links`, or both."""
    rows = [row._mapping for row in queries.of_article(actor, article_id)]
    document: Json = {}
    if "annotations" in asked:
        counts = _counts(rows)
        if unit is Unit.CODEPOINT:
            document |= _at_hand(actor, article_id, counts, most)
        else:
            document |= _counted_in(unit, actor, article_id, counts, most)
    if "links" in asked:
        document["links"] = [present(row) for row in rows]
    return document


def _at_hand(actor: Actor, article_id: str, counts: Mapping[str, Counts], most: int) -> Json:
    """The annotations as they are stored, which is quicker."""
    found = kept.of_article(actor, article_id, most)
    placed = [read for read in found[:most] if not read.kept.orphaned]
    orphaned = [read for read in found[:most] if read.kept.orphaned]
    return {
        "annotations": kept.completed(placed, counts),
        "orphaned": kept.completed(orphaned, counts),
        **_truncated(len(found) > most),
    }


def _counted_in(
    unit: Unit, actor: Actor, article_id: str, counts: Mapping[str, Counts], most: int
) -> Json:
    """The annotations with their offsets counted in another unit."""
    found = annotation_queries.of_article(actor, article_id, most)
    values = [row._mapping for row in found[:most]]
    placed = [row for row in values if row["anchoring"] != "orphaned"]
    orphaned = [row for row in values if row["anchoring"] == "orphaned"]
    several(article_id, {row["revision"] for row in orphaned})  # in one statement
    return {
        "annotations": together(placed, placed, counts, unit),
        "orphaned": together(orphaned, orphaned, counts, unit),
        **_truncated(len(found) > most),
    }


def _truncated(more: bool) -> Json:
    return {"annotations_truncated": True} if more else {}


def _counts(rows: Sequence[Mapping[Any, Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        relation = row["relation"]
        for end in (row["from_id"], row["to_id"]):
            here = counts.setdefault(end, {})
            here[relation] = here.get(relation, 0) + 1
    return counts
