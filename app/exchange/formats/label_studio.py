"""Label Studio: tasks with regions and relations, and the labelling configuration beside them.

Field names follow Label Studio's documented JSON task format. Offsets count code points, as
its server does since 2022.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from app.annotations.kinds.types import Choice
from app.exchange.formats import across, label_studio_reading
from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.chunks import chunked
from app.exchange.formats.details import annotation_details, article_details, link_object
from app.exchange.formats.jsons import dumped
from app.exchange.formats.label_studio_config import (
    FRAGMENT,
    KIND_TAG,
    PART_TAG,
    SHOWN,
    TEXT_TAG,
    configuration,
)
from app.exchange.formats.zipping import Member, zipped
from app.exchange.rows import AnnotationRow, Dataset, Document, Fragment, Json


class LabelStudio(Format):
    """Tasks as Label Studio imports them, with its configuration, in one zip."""

    name, title = "label-studio", "Label Studio tasks (zip)"
    media_type, suffix = "application/zip", "label-studio.zip"
    reads = True
    keeps = (
        "Texts, spans, links within an article, attributes with a control each; parts of "
        "attributions and gaps as regions joined by relations. What Label Studio has no control "
        "for rides along in each region's meta, links across articles in a file of their own."
    )
    loses = (
        "Sources as records; who tagged what shows only in the meta, for all regions of a task "
        "are in one annotation, so that relations hold between them. Label Studio knows no link "
        "between tasks."
    )

    def write(self, dataset: Dataset, options: Options) -> Iterator[bytes]:
        """The zip of tasks.json, labeling-config.xml and the links across articles."""
        return zipped(
            [
                Member("labeling-config.xml", [configuration().encode()]),
                Member("tasks.json", chunked(_tasks(dataset)), large=True),
                across.member(dataset),
            ]
        )

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """Rows of such a zip, or of a JSON file of tasks as Label Studio exports it.

        Options: `text_key` (the key of the text in a task's data, "text"), `unit`, `labels`.
        """
        return label_studio_reading.read(stream, options)


def _tasks(dataset: Dataset) -> Iterator[bytes]:
    yield b"["
    lead = b"\n"
    for number, document in enumerate(dataset.documents(), 1):
        yield lead + dumped(_task(number, document))
        lead = b",\n"
    yield b"\n]\n"


def _task(number: int, document: Document) -> Json:
    article = document.article
    result: list[Json] = []
    for row in document.annotations:
        result += _regions(row)
    for link in document.links:
        result.append(_relation(link.from_id, link.to_id, link.relation, "bi", link_object(link)))
    settled = all(row.layer == "adjudicated" for row in document.annotations)
    annotations = [{"id": number, "ground_truth": settled, "result": result}] if result else []
    data = {"text": article.text, "title": article.title, "article": article_details(article)}
    return {"id": number, "data": data, "annotations": annotations}


def _regions(row: AnnotationRow) -> Iterator[Json]:
    """The regions of one annotation: fragments, controls, parts, and what joins them."""
    for number, piece in enumerate(row.fragments, 1):
        ident = row.id if number == 1 else f"{row.id}.{number}"
        yield _region(ident, KIND_TAG, row.kind, piece, row if number == 1 else None)
        if number > 1:
            yield _relation(row.id, ident, FRAGMENT, "right")
    yield from _controls(row)
    for role, pieces in row.parts.items():
        for number, piece in enumerate(pieces, 1):
            ident = f"{row.id}.{role}.{number}"
            yield _region(ident, PART_TAG, role, piece)
            yield _relation(row.id, ident, role, "right")


def _region(
    ident: str, tag: str, label: str, piece: Fragment, row: AnnotationRow | None = None
) -> Json:
    value: dict[str, Any] = {"start": piece.start, "end": piece.end, "text": piece.exact}
    value["labels"] = [label.capitalize()]
    region: Json = {"id": ident, "from_name": tag, "to_name": TEXT_TAG, "type": "labels"}
    region["value"] = value
    region["origin"] = "manual"
    if row:
        region["meta"] = {"factmark": annotation_details(row)}
        if row.note:
            region["meta"]["text"] = [row.note]
        if row.origin == "machine":
            region["origin"] = "prediction"
        if row.score is not None:
            region["score"] = row.score
    return region


def _controls(row: AnnotationRow) -> Iterator[Json]:
    first = row.fragments[0]
    for name, attribute in SHOWN.get(row.kind, {}).items():
        said = row.attributes.get(name)
        if said is None:
            continue
        place = {"start": first.start, "end": first.end}
        common = {"id": row.id, "from_name": name, "to_name": TEXT_TAG, "origin": "manual"}
        if isinstance(attribute.type, Choice):
            yield {**common, "type": "choices", "value": {**place, "choices": [said]}}
        else:
            yield {**common, "type": "textarea", "value": {**place, "text": [said]}}


def _relation(
    from_id: str, to_id: str, label: str, direction: str, detail: Json | None = None
) -> Json:
    relation: Json = {"type": "relation", "from_id": from_id, "to_id": to_id}
    relation.update(direction=direction, labels=[label])
    if detail:
        relation["meta"] = {"factmark": detail}
    return relation
