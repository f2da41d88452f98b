"""The verbs of annotating: tag, edit, restore, confirm."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.exc import IntegrityError

from app.annotations import queries
from app.annotations.drafts import Faulty, Rules, drafted
from app.annotations.models import Annotation
from app.annotations.policy import RULES
from app.annotations.presenting import core, together, values_of
from app.annotations.sources.service import ensure_sources
from app.annotations.states import AFTER_EDIT
from app.annotations.surroundings import look_around
from app.articles.queries import held_revision
from app.articles.texts import Text, text_of
from app.history.record import Thing, changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import run, session
from app.kernel.errors import Conflict, Refused, fault, refused
from app.kernel.ids import new_id
from app.kernel.mergepatch import same
from app.kernel.offsets import Unit
from app.kernel.permissions import require

Json = dict[str, Any]
MOST_ERRORS = 100
SURE: Json = {"anchoring": "sure", "anchoring_score": None}


def create(
    actor: Actor,
    article_id: str,
    revision: int,
    items: Sequence[Json],
    unit: Unit,
    *,
    pointers: Sequence[str] = ("",),
    layer: str = "annotator",
) -> list[Json]:
    """Tag spans of an article, all or none; each item is a body that its schema admitted.

    Answers with the annotations as the wire has them. `pointers` are where each item stands in
    what was sent: one that was sent by itself is the whole of it.
    """
    require(RULES, "create", actor)
    text = text_of(article_id, revision)
    _check_text(items, pointers, revision)
    rows = _drafted_all(actor, items, text, pointers, layer)
    around = look_around(
        actor,
        article_id,
        revision,
        min(row["start_offset"] for row in rows),
        max(row["end_offset"] for row in rows),
        list({key for row in rows for key in row["source_keys"] or ()}),
    )
    for row in rows:
        record_annotation(actor, "created", row, after=core(row))
    # New sources are made by the statement that writes history: so this comes in between.
    ensure_sources(actor, [row["attributes"] for row in rows], around.known)
    _insert(actor, rows)
    fresh = [row for row in rows if row["parts"]]
    return together(rows, [*around.contents, *fresh], {}, unit)


def edit(
    actor: Actor,
    annotation: Annotation,
    data: Json,
    action: str = "edited",
    *,
    settled: int | None = None,
) -> Annotation:
    """Let an annotation say what `data`, a whole body that its schema admitted, says.

    Where it says so already there is no new version, and it stays as approved as it is.
    `settled` is the number of the text in which someone gave it its place: it marks that text
    from then on, and is sure there.
    """
    require(RULES, "restore" if action == "restored" else "edit", actor, annotation)
    before = values_of(annotation)
    text = text_of(annotation.article_id, settled or annotation.revision)
    rules = Rules.of(actor.project.settings).beside(annotation.tags, annotation.attributes)
    try:
        columns = drafted(data, text, rules)
    except Faulty as faulty:
        raise refused(faulty.errors) from None
    ensure_sources(actor, [columns["attributes"]])
    if settled:
        columns |= {"revision": settled, **SURE}
    fresh = {name: given for name, given in columns.items() if not same(before[name], given)}
    if not fresh:
        return annotation
    for name, given in fresh.items():
        setattr(annotation, name, given)
    annotation.state = AFTER_EDIT.get(annotation.state, annotation.state)
    annotation.updated_at = now()
    _flush(actor, annotation)
    was, is_now = changed(core(before), core(values_of(annotation)))
    record_annotation(actor, action, values_of(annotation), before=was, after=is_now)
    return annotation


def confirm(actor: Actor, annotation: Annotation) -> Annotation:
    """Say that an annotation is where it belongs; what it says and its state stay."""
    require(RULES, "edit", actor, annotation)
    check_placed(annotation)
    if annotation.anchoring == "sure":
        return annotation
    before = core(values_of(annotation))
    annotation.anchoring, annotation.anchoring_score = SURE["anchoring"], SURE["anchoring_score"]
    annotation.updated_at = now()
    session().flush()  # counts the version
    was, is_now = changed(before, core(values_of(annotation)))
    record_annotation(actor, "confirmed", values_of(annotation), before=was, after=is_now)
    return annotation


def check_placed(annotation: Annotation) -> None:
    """Conflict where an annotation has no place in the article's present text."""
    if annotation.anchoring == "orphaned":
        told = "It has no place in the article's present text: give it a target there."
        raise Conflict(told, code="orphaned")


def _check_text(items: Sequence[Json], pointers: Sequence[str], present: int) -> None:
    """Refuse what counts its offsets in another text than the article has."""
    wrong = [
        f"{at}/revision"
        for item, at in zip(items, pointers, strict=True)
        if item.get("revision", present) != present
    ]
    if wrong:
        raise _other_revision(present, wrong[:MOST_ERRORS])


def _other_revision(present: int, pointers: Sequence[str] = ()) -> Conflict:
    told = f"The article has another text by now: revision {present}. Read it, then repeat."
    errors = [fault(at, "other_revision", told) for at in pointers]
    return Conflict(told, code="other_revision", errors=errors, revision=present)


def _drafted_all(
    actor: Actor, items: Sequence[Json], text: Text, pointers: Sequence[str], layer: str
) -> list[Json]:
    rules = Rules.of(actor.project.settings)
    rows: list[Json] = []
    errors: list[Json] = []
    moment = now()
    for item, at in zip(items, pointers, strict=True):
        try:
            columns = drafted(item, text, rules)
        except Faulty as faulty:
            errors += [{**each, "pointer": at + each["pointer"]} for each in faulty.errors]
            if len(errors) >= MOST_ERRORS:
                break
            continue
        rows.append(
            {
                "id": new_id(),
                "project_id": actor.project.id,
                "article_id": text.article_id,
                "revision": text.number,
                **columns,
                "state": item["state"],
                "layer": layer,
                **SURE,
                "author_id": actor.id,
                "author_name": actor.name,
                "verdict": None,
                "version": 1,
                "created_at": moment,
                "updated_at": moment,
            }
        )
    if errors:
        raise refused(errors[:MOST_ERRORS])
    return rows


_COLUMNS = frozenset(column.name for column in Annotation.__table__.columns) - {"original_id"}
_INSERT = insert(cast(Table, Annotation.__table__)).inline()


def _insert(actor: Actor, rows: list[Json]) -> None:
    stored = [{name: row[name] for name in _COLUMNS} for row in rows]
    try:
        run(_INSERT, stored)
    except IntegrityError as error:
        if "other_revision" in str(error.orig):  # says the trigger, in which the texts meet
            session().rollback()
            raise _other_revision(held_revision(rows[0]["article_id"])) from None
        raise _taken(actor, [row["external_id"] for row in rows], error) from None


def _flush(actor: Actor, annotation: Annotation) -> None:
    external_id = annotation.external_id
    try:
        session().flush()  # counts the version, and finds out who was outrun
    except IntegrityError as error:
        raise _taken(actor, [external_id], error) from None


def _taken(
    actor: Actor, external_ids: Sequence[str | None], error: IntegrityError
) -> Refused | IntegrityError:
    """Why the database refused: most likely an external id that the project has already."""
    session().rollback()
    given = [external_id for external_id in external_ids if external_id]
    if len(set(given)) < len(given):
        return Conflict("An external id stands twice in the list.", code="external_id_taken")
    found = queries.find_by_external_ids(actor, given) if given else {}
    if not found:
        return error
    return Conflict(
        f"An annotation of this project has the external id {next(iter(found))!r} already.",
        code="external_id_taken",
        id=next((id_ for id_ in found.values() if id_), None),
        taken=found,
    )


def record_annotation(actor: Actor, action: str, row: Any, **documents: Json) -> None:
    """Let history tell of an annotation, given by its columns; `before` and `after`."""
    record(
        actor,
        action,
        "annotation",
        Thing(row["id"], row["version"]),
        article_id=row["article_id"],
        author_id=row["author_id"],
        **documents,  # type: ignore[arg-type]  # before and after
    )
