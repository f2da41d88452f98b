"""W3C Web Annotation (Data Model, 2017): one AnnotationCollection, links as annotations too."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from app.annotations.spans import context_of
from app.exchange.formats import iris, jsonld_reading
from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.chunks import chunked
from app.exchange.formats.jsonld_context import ANNO
from app.exchange.formats.jsons import dumped, present
from app.exchange.rows import AnnotationRow, Dataset, Fragment, Home, Json, LinkRow, Person

Around = Callable[[Fragment], tuple[str, str]]
"""What stands before and after a stretch of the text."""

DATED = {"value": "ft:date", "precision": "ft:precision", "text": "ft:words"}


class WebAnnotation(Format):
    """JSON-LD with the W3C's context and our own."""

    name, title = "jsonld", "W3C Web Annotation (JSON-LD)"
    media_type = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    suffix = "jsonld"
    reads = True
    keeps = (
        "Spans (code points, with quote, prefix and suffix, over one revision of the text), kinds, "
        "attributes, parts, tags, notes, authors, review, verdicts and all links."
    )
    loses = (
        "The texts themselves, titles and other data of articles, sources as records, and the "
        "names (`canonical`, `via`) that clients of the protocol gave. A span with gaps is one "
        "annotation with a target a fragment. Without our context a reader loses the attributes."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The collection with one embedded page; an empty one has no page, as the model asks."""
        return chunked(_collection(dataset))

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """Annotations and links of a collection, a page, an array or a single annotation.

        Option `kind` is the kind of annotations that name none; `labels` maps other names.
        """
        return jsonld_reading.read(stream, options)


def _collection(dataset: Dataset) -> Iterator[bytes]:
    here = iris.container(dataset)
    head: Json = {
        "@context": [ANNO, f"{dataset.base_url}{iris.CONTEXT}"],
        "id": f"{here}#export",
        "type": "AnnotationCollection",
        "label": dataset.project.name,
    }
    page: Json = {"id": f"{here}#export-page", "type": "AnnotationPage", "startIndex": 0}
    page["partOf"] = {"id": head["id"], "type": "AnnotationCollection"}
    yield dumped(head)[:-1]
    total = 0
    for item in chain(_annotations(dataset), _links(dataset)):
        lead = b",\n" if total else b',\n"first":' + dumped(page)[:-1] + b',"items":[\n'
        total += 1
        yield lead + dumped(item)
    yield (b"\n]}" if total else b"") + b',\n"total":%d}\n' % total


def _annotations(dataset: Dataset) -> Iterator[Json]:
    for document in dataset.documents():
        article = document.article
        source = iris.article(dataset, article.id, article.revision)
        around = partial(_around, article.text)
        for row in document.annotations:
            yield annotation(dataset, source, row, around)


def _links(dataset: Dataset) -> Iterator[Json]:
    return (link_annotation(dataset, link) for link in dataset.links())


def annotation(home: Home, source: str, row: AnnotationRow, around: Around) -> Json:
    """One annotation without its context; `source` is the IRI of the article's revision."""
    ident = iris.annotation(home, row.id)
    targets = [_target(source, piece, around) for piece in row.fragments]
    return {
        **_frame(home, ident, "classifying", row),
        "body": _bodies(home, ident, source, row, around),
        "target": targets[0] if len(targets) == 1 else targets,
    }


def link_annotation(home: Home, link: LinkRow) -> Json:
    """A link: the body's annotation bears the relation to the target's annotation."""
    ident = iris.annotation(home, link.id)
    data = {
        "ft:basis": link.basis,
        "ft:independence": link.independence,
        "ft:rationale": link.rationale,
        "ft:group": link.group,
        "ft:from_article": iris.article_of(home, link.from_article_id),
        "ft:to_article": iris.article_of(home, link.to_article_id),
    }
    bodies = [
        _specific(iris.annotation(home, link.from_id), "linking"),
        _specific(iris.term(home, link.relation), "classifying"),
        {"id": f"{ident}#data", "type": "Link", **present({**data, **_common(link)})},
    ]
    target = iris.annotation(home, link.to_id)
    return {**_frame(home, ident, "linking", link), "body": bodies, "target": target}


def _frame(home: Home, ident: str, motivation: str, row: AnnotationRow | LinkRow) -> Json:
    frame: Json = {"id": ident, "type": "Annotation", "motivation": motivation}
    if row.created_at:
        frame["created"] = row.created_at
    if row.updated_at:
        frame["modified"] = row.updated_at
    if row.author.id:
        frame["creator"] = _creator(home, row.author)
    return frame


def _creator(home: Home, person: Person) -> Json:
    return {"id": iris.user(home, person.id), "type": "Person", "name": person.name}


def _bodies(home: Home, ident: str, source: str, row: AnnotationRow, around: Around) -> list[Json]:
    kind = row.kind.capitalize()
    data = present({**_common(row), **_details(home, row), **_attributes(row.attributes)})
    for role, pieces in row.parts.items():
        data[f"ft:part_{role}"] = [_target(source, piece, around) for piece in pieces]
    bodies = [
        _specific(iris.term(home, kind), "classifying"),
        {"id": f"{ident}#data", "type": kind, **data},
    ]
    bodies += [_textual(tag, "tagging") for tag in row.tags]
    if row.note:
        bodies.append(_textual(row.note, "commenting"))
    return bodies


def _common(row: AnnotationRow | LinkRow) -> Json:
    return {
        "ft:state": row.state,
        "ft:layer": row.layer,
        "ft:confidence": row.confidence,
        "ft:external_id": row.external_id,
        "ft:version": row.version,
    }


def _details(home: Home, row: AnnotationRow) -> Json:
    details: Json = {"ft:origin": row.origin, "ft:score": row.score}
    if row.reported_by:
        details["ft:reported_by"] = iris.annotation(home, row.reported_by)
    if row.verdict:
        verdict = {f"ft:{key}": value for key, value in row.verdict.items() if value is not None}
        details["ft:verdict"] = {"type": "Verdict", **verdict}
    return details


def _attributes(attributes: Json) -> Json:
    return {f"ft:{name}": _attribute(name, value) for name, value in attributes.items()}


def _attribute(name: str, value: Any) -> Any:
    if name == "extra":
        return value
    if name == "sources" and isinstance(value, list):
        return [{f"ft:{k}": v for k, v in entry.items()} for entry in value]
    if isinstance(value, dict):
        return {DATED.get(key, f"ft:{key}"): inner for key, inner in value.items()}
    return value


def _around(text: str, piece: Fragment) -> tuple[str, str]:
    return context_of(text, piece.start, piece.end)


def _target(source: str, piece: Fragment, around: Around) -> Json:
    prefix, suffix = around(piece)
    position = {"type": "TextPositionSelector", "start": piece.start, "end": piece.end}
    quote = {"type": "TextQuoteSelector", "exact": piece.exact, "prefix": prefix, "suffix": suffix}
    return {"type": "SpecificResource", "source": source, "selector": [position, quote]}


def _specific(source: str, purpose: str) -> Json:
    return {"type": "SpecificResource", "source": source, "purpose": purpose}


def _textual(value: str, purpose: str) -> Json:
    return {"type": "TextualBody", "value": value, "purpose": purpose, "format": "text/plain"}
