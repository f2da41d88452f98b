"""Rows as Web Annotations, and a container with its pages, as they are served."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.annotations import queries as annotation_queries
from app.annotations.presenting import reporters_of
from app.annotations.spans import context_of
from app.articles.texts import Text, texts_of
from app.exchange.export.rows_of import link_of
from app.exchange.formats import iris, jsonld
from app.exchange.formats.jsonld_context import ANNO
from app.exchange.rows import Fragment, ProjectRow
from app.kernel.actor import Actor
from app.kernel.errors import NotFound
from app.webannotation import queries
from app.webannotation.pages import SIZE, Place, iri
from app.webannotation.queries import Overview
from app.webannotation.rows import annotation_of

Json = dict[str, Any]
LDP = "http://www.w3.org/ns/ldp.jsonld"


@dataclass
class Here:
    """Where IRIs are rooted (`rows.Home`)."""

    project: ProjectRow
    base_url: str

    @classmethod
    def of(cls, actor: Actor, base_url: str) -> "Here":
        """The project that the actor entered."""
        place = actor.project
        return cls(ProjectRow(place.id, place.slug, ""), base_url)

    @property
    def container(self) -> str:
        """The IRI of the container."""
        return iris.container(self)

    def contexts(self, *more: str) -> list[str]:
        """The contexts that explain what is served: the W3C's and our own."""
        return [ANNO, *more, f"{self.base_url}{iris.CONTEXT}"]


def annotation(actor: Actor, here: Here, ident: str) -> tuple[Json, int]:
    """One annotation or link with this id, and its version; Gone or NotFound."""
    if row := queries.find(actor, "annotation", ident):
        return _annotations(actor, here, [row])[0], row["version"]
    if row := queries.find(actor, "link", ident):
        return _link(here, row), row["version"]
    raise queries.missing(actor, ident)


def container(actor: Actor, here: Here, *, iris_only: bool, minimal: bool) -> Json:
    """The container: with its first page, or (`minimal`) with links to pages only."""
    found = queries.overview(actor)
    document = {
        "@context": here.contexts(LDP),
        **_about(here, found, iris_only),
        "type": ["BasicContainer", "AnnotationCollection"],
    }
    if not found.total:
        return document
    first = Place("annotations" if found.annotations else "links")
    whole = {"id": document["id"], "type": "AnnotationCollection"}
    document["first"] = (
        iri(here.container, first, iris=iris_only)
        if minimal
        else {**_page(actor, here, found, first, iris_only), "partOf": whole}
    )
    document["last"] = iri(here.container, _last(actor, found), iris=iris_only)
    return document


def page(actor: Actor, here: Here, place: Place, *, iris_only: bool) -> Json:
    """One page of the container; NotFound where nothing is on it."""
    found = queries.overview(actor, place)
    document = _page(actor, here, found, place, iris_only)
    about = {**_about(here, found, iris_only), "type": "AnnotationCollection"}
    return {"@context": here.contexts(), **document, "partOf": about}


def _about(here: Here, found: Overview, iris_only: bool) -> Json:
    return {
        "id": iri(here.container, iris=iris_only),
        "label": found.label,
        "total": found.total,
        "modified": found.modified,
    }


def _last(actor: Actor, found: Overview) -> Place:
    if found.links:
        return queries.last_page(actor, "links", found.links)
    return queries.last_page(actor, "annotations", found.annotations)


def _page(actor: Actor, here: Here, found: Overview, place: Place, iris_only: bool) -> Json:
    items: list[Any]
    if iris_only:
        ids = queries.ids_of_page(actor, place)
        items = [iris.annotation(here, ident) for ident in ids[:SIZE]]
    else:
        rows = queries.rows_of_page(actor, place)
        ids = [row["id"] for row in rows]
        items = _items(actor, here, place, rows[:SIZE])
    if not items:
        raise NotFound("There is nothing on this page.")
    document = {
        "id": iri(here.container, place, iris=iris_only),
        "type": "AnnotationPage",
        "startIndex": found.before + (found.annotations if place.of == "links" else 0),
        "items": items,
    }
    around = {"prev": _before(actor, found, place), "next": _after(found, place, ids)}
    known = {word: to for word, to in around.items() if to}
    return document | {word: iri(here.container, to, iris=iris_only) for word, to in known.items()}


def _items(actor: Actor, here: Here, place: Place, rows: Sequence[Any]) -> list[Json]:
    if place.of == "links":
        return [_link(here, row) for row in rows]
    return _annotations(actor, here, rows)


def _before(actor: Actor, found: Overview, place: Place) -> Place | None:
    if place.after:
        return Place(place.of, found.earlier)
    if place.of == "links" and found.annotations:
        return queries.last_page(actor, "annotations", found.annotations)
    return None


def _after(found: Overview, place: Place, ids: Sequence[str]) -> Place | None:
    if len(ids) > SIZE:
        return Place(place.of, ids[SIZE - 1])
    return Place("links") if place.of == "annotations" and found.links else None


def _link(here: Here, row: Any) -> Json:
    return _named(here, row, jsonld.link_annotation(here, link_of(row)))


def _annotations(actor: Actor, here: Here, rows: Sequence[Any]) -> list[Json]:
    if not rows:
        return []
    said = annotation_queries.contents(
        actor,
        list({row["article_id"] for row in rows}),
        min(row["start_offset"] for row in rows),
        max(row["end_offset"] for row in rows),
    )
    reporters = reporters_of(rows, [content._mapping for content in said])
    texts = texts_of({_text(row) for row in rows if row["fragments"] or _has_parts(row)})
    return [
        _named(here, row, _annotation(here, row, reporters.get(row["id"]), texts.get(_text(row))))
        for row in rows
    ]


def _annotation(here: Here, row: Any, reporter: str | None, text: Text | None) -> Json:
    source = iris.article(here, *_text(row))
    told = annotation_of(row, reporter)
    document = jsonld.annotation(here, source, told, _around(row, text))
    if row["anchoring"] != "sure":  # exports have only what marks the present text
        document["body"][1]["ft:anchoring"] = row["anchoring"]
    return document


def _text(row: Any) -> tuple[str, int]:
    return row["article_id"], row["revision"]


def _has_parts(row: Any) -> bool:
    return any((row["parts"] or {}).values())


def _around(row: Any, text: Text | None) -> Callable[[Fragment], tuple[str, str]]:
    """What stands around a piece: kept beside an unbroken span; else the text is asked."""
    if text is None:
        return lambda _piece: (row["prefix"], row["suffix"])
    return partial(_in_text, text.text)


def _in_text(text: str, piece: Fragment) -> tuple[str, str]:
    return context_of(text, piece.start, piece.end)


def _named(here: Here, row: Any, document: Json) -> Json:
    """With its contexts, so that it stands alone when it is taken out of its page; and names."""
    via = row["via"] or []
    told: Json = {"@context": here.contexts(), **document}
    if row["canonical"]:
        told["canonical"] = row["canonical"]
    if via:
        told["via"] = via[0] if len(via) == 1 else via
    return told
