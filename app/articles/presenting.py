"""Articles as the wire has them."""

from typing import Any

from sqlalchemy import Row

from app.articles.models import Article
from app.articles.texts import text_of
from app.kernel.offsets import Unit

Json = dict[str, Any]
SOURCE = (
    "publisher",
    "author",
    "url",
    "published_on",
    "published_precision",
    "credited_source",
)


def present(row: Row[Any], unit: Unit = Unit.CODEPOINT) -> Json:
    """An article from a row of `queries.visible_to`; with its text where the row has it."""
    known = row._mapping
    document = {
        "id": row.id,
        "project_id": row.project_id,
        "external_id": row.external_id,
        "title": row.title,
        "language": row.language,
        "source": source_of(row),
        "regions": regions_in(unit, row),
        "meta": row.meta,
        "state": row.state,
        "revision": row.revision,
        "text_sha256": row.sha256,
        "length": lengths_of(row),
        "unit": unit.value,
        "author": {"id": row.author_id, "name": row.author_name},
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if "text" in known:
        document["text"] = row.text
    return document


def source_of(article: Article | Row[Any]) -> Json:
    """What is known of where an article comes from."""
    known = {name: getattr(article, name) for name in SOURCE}
    return {name: value for name, value in known.items() if value is not None}


def lengths_of(row: Row[Any]) -> Json:
    """A text's length in three units."""
    return {"codepoints": row.codepoints, "utf16": row.utf16, "bytes": row.bytes}


def present_revision(row: Row[Any], *, with_text: bool = False) -> Json:
    """One text that an article had."""
    document = {
        "number": row.number,
        "text_sha256": row.sha256,
        "length": lengths_of(row),
        "created_at": row.created_at,
    }
    return {**document, "text": row.text} if with_text else document


def regions_in(unit: Unit, row: Row[Any]) -> list[Json]:
    """The regions, counted in the unit asked for."""
    if unit is Unit.CODEPOINT or not row.regions:
        return list(row.regions)
    ruler = text_of(row.id, row.revision).ruler
    return [
        {
            **region,
            "start": ruler.from_codepoints(region["start"], unit),
            "end": ruler.from_codepoints(region["end"], unit),
            "unit": unit.value,
        }
        for region in row.regions
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
