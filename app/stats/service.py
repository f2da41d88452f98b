"""Putting the counts together as the wire has them."""

from collections import Counter
from typing import Any

from app.kernel.actor import Actor
from app.stats import queries

Json = dict[str, Any]


def stats(actor: Actor, filters: Json) -> Json:
    """How much there is in the project, of what the actor may see."""
    tagged = queries.annotation_groups(actor, filters)
    linked = queries.link_groups(actor, filters)
    places = queries.places(actor, filters, filters["top"])
    counted = {row.what: row.n for row in places}
    return {
        "articles": {
            "total": counted["articles"],
            "annotated": counted["annotated"],
            "top": [
                {"id": row.key, "title": row.title, "annotations": row.n}
                for row in places
                if row.what == "article"
            ],
        },
        "annotations": {
            "total": sum(row.n for row in tagged),
            **{f"by_{name}": _by(tagged, name) for name in ("kind", "state", "origin", "layer")},
            "by_tag": {row.key: row.n for row in places if row.what == "tag"},
        },
        "links": {
            "total": sum(row.n for row in linked),
            **{f"by_{name}": _by(linked, name) for name in ("relation", "state", "layer")},
        },
        "by_author": _by_author(tagged, linked),
        "over_time": _over_time(tagged, linked),
    }


def _by(rows: queries.Rows, name: str) -> Json:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[getattr(row, name)] += row.n
    return dict(sorted(counts.items()))


def _by_author(tagged: queries.Rows, linked: queries.Rows) -> list[Json]:
    names = {row.author_id: row.name for row in [*tagged, *linked]}
    return [
        _author(
            {"id": id_, "name": names[id_]},
            [row for row in tagged if row.author_id == id_],
            sum(row.n for row in linked if row.author_id == id_),
        )
        for id_ in sorted(names)
    ]


def _author(author: Json, tagged: queries.Rows, links: int) -> Json:
    return {
        "author": author,
        "annotations": sum(row.n for row in tagged),
        "by_kind": _by(tagged, "kind"),
        "by_state": _by(tagged, "state"),
        "links": links,
    }


def _over_time(tagged: queries.Rows, linked: queries.Rows) -> list[Json]:
    """One document a day: the day and the number of each kind and relation made on it."""
    days: dict[str, Counter[str]] = {}
    for rows, name in ((tagged, "kind"), (linked, "relation")):
        for row in rows:
            days.setdefault(row.day, Counter())[getattr(row, name)] += row.n
    return [{"day": day, **dict(sorted(days[day].items()))} for day in sorted(days)]
