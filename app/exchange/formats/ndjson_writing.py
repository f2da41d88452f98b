"""Native lines of a dataset that has only rows: a release, a file that was read, a test."""

from collections.abc import Iterable, Iterator

from app.exchange.formats.jsons import dumped, present
from app.exchange.rows import (
    AnnotationRow,
    ArticleRow,
    Dataset,
    Fragment,
    Json,
    LinkRow,
    Person,
    SourceRow,
)


def written(dataset: Dataset) -> Iterator[bytes]:
    """The lines in the order in which an export has them."""
    project = dataset.project
    about = {"type": "project", "format": "factmark", "version": 1, "name": project.name}
    about |= {"description": project.description, "guidelines": project.guidelines}
    yield _line(about)
    for source in dataset.sources():
        yield _line(source_line(source))
    for document in dataset.documents():
        yield _line(article_line(document.article))
        for row in document.annotations:
            yield _line(annotation_line(row))
    for link in dataset.links():
        yield _line(link_line(link))


def _line(values: Json) -> bytes:
    return dumped({name: value for name, value in values.items() if value is not None}) + b"\n"


def source_line(row: SourceRow) -> Json:
    """The members of a source's line; None stands for what is left out."""
    aliases = list(row.aliases) or None
    line = {"type": "source", "id": row.id, "name": row.name}
    return {**line, "source_type": row.type, "aliases": aliases}


def article_line(row: ArticleRow) -> Json:
    """The members of an article's line."""
    more = present({"source": row.source, "regions": row.regions, "meta": row.meta})
    return {
        "type": "article",
        "id": row.id,
        "external_id": row.external_id,
        "title": row.title,
        "text": row.text,
        "text_sha256": row.text_sha256,
        "language": row.language,
        **more,
        **_times(row),
    }


def annotation_line(row: AnnotationRow) -> Json:
    """The members of an annotation's line."""
    target: Json = {"start": row.start, "end": row.end}
    if len(row.fragments) > 1:
        target["fragments"] = _pieces(row.fragments)
    else:
        target["exact"] = row.fragments[0].exact
    return {
        "type": "annotation",
        "id": row.id,
        "article_id": row.article_id,
        "kind": row.kind,
        "target": target,
        "parts": {name: _pieces(pieces) for name, pieces in row.parts.items()} or None,
        "attributes": row.attributes,
        "tags": list(row.tags) or None,
        "note": row.note,
        "confidence": row.confidence,
        "origin": row.origin,
        "score": row.score,
        "state": row.state,
        "layer": row.layer,
        "external_id": row.external_id,
        "verdict": row.verdict,
        "author": _person(row.author),
        **_times(row),
    }


def link_line(row: LinkRow) -> Json:
    """The members of a link's line."""
    names = ("relation", "basis", "independence", "rationale", "confidence", "group", "state")
    return {
        "type": "link",
        "id": row.id,
        "from": row.from_id,
        "to": row.to_id,
        **{name: getattr(row, name) for name in (*names, "layer", "external_id")},
        "author": _person(row.author),
        **_times(row),
    }


def _pieces(pieces: Iterable[Fragment]) -> list[Json]:
    return [{"start": p.start, "end": p.end, "exact": p.exact} for p in pieces]


def _person(person: Person) -> Json | None:
    return {"id": person.id, "name": person.name} if person.id else None


def _times(row: ArticleRow | AnnotationRow | LinkRow) -> Json:
    changed = row.updated_at if row.updated_at != row.created_at else None
    return {"version": row.version, "created_at": row.created_at, "updated_at": changed}
