"""The reader page: an article with all that is tagged in it, and every link that leaves it.

Four statements at most, however many annotations: the door with the article, the stamp of the
page and, where no page with this stamp is at hand, its links and its annotations. Where offsets
are counted in another unit and some have no place in the present text, their earlier texts are
one more.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from orjson import Fragment
from sqlalchemy import Row

from app.annotations import queries as annotation_queries
from app.annotations.beside import Counts
from app.annotations.presenting import together
from app.articles.texts import several
from app.kernel.actor import Actor
from app.kernel.cache import Cache
from app.kernel.jsons import dumps
from app.kernel.offsets import Unit
from app.links import queries
from app.links.presenting import present
from app.links.stamps import Stamp, stamp_of, tells_of

Json = dict[str, Any]
Key = tuple[Stamp, frozenset[str], Unit, int]
pages: Cache[Key, Json] = Cache(16_000_000)
"""Finished pages, up to so many bytes in all."""


def reader(actor: Actor, article_id: str, asked: frozenset[str], unit: Unit, *, most: int) -> Json:
    """The members that `include` asks for: `annotations`, `links`, or both.

    Where there are more than `most` annotations, the rest is left out and the page says so.
    """
    stamp = stamp_of(actor, article_id, most)
    key = stamp, asked, unit, most
    if found := pages.get(key):
        return found
    linked = queries.of_article(actor, article_id)
    tagged = annotation_queries.of_article(actor, article_id, most)
    page: Json = {}
    if "annotations" in asked:
        page |= _tagged(article_id, tagged, _counts(linked), unit, most)
    if "links" in asked:
        page["links"] = [present(row._mapping) for row in linked]
    written = {name: dumps(member) for name, member in page.items()}
    ready = {name: Fragment(member) for name, member in written.items()}
    if tells_of(stamp, tagged, linked):
        pages.put(key, ready, sum(map(len, (*stamp, *written.values()))))
    return ready


def _tagged(
    article_id: str, rows: Sequence[Row[Any]], counts: Mapping[str, Counts], unit: Unit, most: int
) -> Json:
    shown = [row._mapping for row in rows[:most]]
    placed = [row for row in shown if row["anchoring"] != "orphaned"]
    orphaned = [row for row in shown if row["anchoring"] == "orphaned"]
    if unit is not Unit.CODEPOINT:
        several(article_id, {row["revision"] for row in orphaned})  # in one statement
    page: Json = {
        "annotations": together(placed, placed, counts, unit),
        "orphaned": together(orphaned, orphaned, counts, unit),
    }
    return {**page, "annotations_truncated": True} if len(rows) > most else page


def _counts(linked: Sequence[Row[Any]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for row in linked:
        for end in (row.from_id, row.to_id):
            here = counts.setdefault(end, {})
            here[row.relation] = here.get(row.relation, 0) + 1
    return counts
