"""Articles as the wire has them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from app.articles.anchoring import Status
from app.articles.models import Article
from app.articles.outcomes import Outcome
from app.articles.texts import text_of
from app.kernel.offsets import Unit

Json = dict[str, Any]
Values = Mapping[Any, Any]
SOURCE = (
    "publisher",
    "author",
    "url",
    "published_on",
    "published_precision",
    "credited_source",
)


def present(known: Values, unit: Unit = Unit.CODEPOINT) -> Json:
    """An article from a row of `queries.visible_to`; with its text where the row has it."""
    document = {
        "id": known["id"],
        "project_id": known["project_id"],
        "external_id": known["external_id"],
        "title": known["title"],
        "language": known["language"],
        "source": {name: known[name] for name in SOURCE if known[name] is not None},
        "regions": regions_in(unit, known),
        "meta": known["meta"],
        "state": known["state"],
        "revision": known["revision"],
        "text_sha256": known["sha256"],
        "length": lengths_of(known),
        "unit": unit.value,
        "author": {"id": known["author_id"], "name": known["author_name"]},
        "version": known["version"],
        "created_at": known["created_at"],
        "updated_at": known["updated_at"],
    }
    if "text" in known:
        document["text"] = known["text"]
    return document


def source_of(article: Article) -> Json:
    """What is known of where an article comes from."""
    known = {name: getattr(article, name) for name in SOURCE}
    return {name: value for name, value in known.items() if value is not None}


def lengths_of(known: Values) -> Json:
    """A text's length in three units."""
    return {name: known[name] for name in ("codepoints", "utf16", "bytes")}


def present_revision(row: Row[Any], *, with_text: bool = False) -> Json:
    """One text that an article had."""
    document = {
        "number": row.number,
        "text_sha256": row.sha256,
        "length": lengths_of(row._mapping),
        "author": {"id": row.author_id, "name": row.author_name},
        "created_at": row.created_at,
    }
    return {**document, "text": row.text} if with_text else document


def present_outcome(row: Row[Any], outcome: Outcome) -> Json:
    """What a new text did, beside the article as it stands now."""
    named: dict[str, list[Json]] = {status.value: [] for status in Status}
    for one in outcome.moved:
        told: Json = {"id": one.id, "version": one.version}
        if one.status is Status.UNCERTAIN:
            told["score"] = one.score
        named[one.status.value].append(told)
    return {
        "id": row.id,
        "revision": row.revision,
        "version": row.version,
        "changed": outcome.changed,
        "text_sha256": row.sha256,
        "length": lengths_of(row._mapping),
        "state": row.state,
        "regions": list(row.regions),
        "lost_regions": list(outcome.lost),
        **named,
    }


def regions_in(unit: Unit, known: Values) -> list[Json]:
    """The regions, counted in the unit asked for."""
    regions: list[Json] = known["regions"]
    if unit is Unit.CODEPOINT or not regions:
        return list(regions)
    ruler = text_of(known["id"], known["revision"]).ruler
    return [
        {
            **region,
            "start": ruler.from_codepoints(region["start"], unit),
            "end": ruler.from_codepoints(region["end"], unit),
            "unit": unit.value,
        }
        for region in regions
    ]


def editable(article: Article) -> Json:
    """What can be edited, as the patch sees it and as history keeps it."""
    return {
        "title": article.title,
        "external_id": article.external_id,
        "language": article.language,
        "source": source_of(article),
        "regions": article.regions,
        "meta": article.meta,
    }
