"""The verbs of the container. Each goes through the service of what it makes or changes."""

from typing import Any

from app.annotations import queries as annotation_queries
from app.annotations import removing
from app.annotations import service as annotation_service
from app.annotations.models import Annotation
from app.articles.queries import held_revision
from app.exchange.formats.iris import article_id, last_step
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Conflict, Refused, fault, invalid_field
from app.kernel.ids import new_id
from app.kernel.offsets import Unit
from app.links import queries as link_queries
from app.links import service as link_service
from app.links.models import Link
from app.webannotation import queries
from app.webannotation.models import WebName
from app.webannotation.queries import Thing
from app.webannotation.told import Json, Told


def place(actor: Actor, told: Told) -> None:
    """Let a told link name its ends by the ids that they have here."""
    if told.thing == "link" and "from" in told.data:
        ends = {told.data["from"].lower(), told.data["to"].lower()}
        here = queries.ids_here(actor, sorted(ends))
        for end in ("from", "to"):
            told.data[end] = here.get(told.data[end].lower(), told.data[end])


def create(actor: Actor, told: Told, data: Json) -> str:
    """Make what was told, `data` being its body as a schema admitted it; its id."""
    if told.thing == "link":
        ident = link_service.create(actor, data)
    else:
        article, revision = _article(actor, told)
        made = annotation_service.create(actor, article, revision, [data], Unit.CODEPOINT)
        ident = made[0]["id"]
    _call(told.thing, ident, None, told.canonical, _origins(told))
    return ident


def get_for_change(
    actor: Actor, ident: str, *, places: bool = False
) -> tuple[Annotation | Link, int | None]:
    """The annotation or link with this id; others who would change it wait.

    With `places` also the number of the present text of an annotation's article, which stays so
    meanwhile. The article is held before the annotation, as by those who give it another text.
    """
    found = queries.locate(actor, ident)
    if found.article_id is None:
        return link_queries.get_for_change(actor, found.id), None
    held = held_revision(found.article_id) if places else None
    return annotation_queries.get_for_change(actor, found.id), held


def replace(
    actor: Actor, thing: Annotation | Link, told: Told, data: Json, held: int | None
) -> None:
    """Let the thing say what was told, and nothing else; `held` is as `get_for_change` has it."""
    if isinstance(thing, Link):
        link_service.edit(actor, thing, data)
    else:
        annotation_service.edit(actor, thing, data, settled=_settled(thing, told, held or 1))
    names = _names(thing)
    _call(told.thing, thing.id, names, told.canonical, told.via)


def _settled(annotation: Annotation, told: Told, present: int) -> int | None:
    """The text in which the client gives it its place; None where it stays where it is.

    What has no place in the present text stays in the text that it marks only where the client
    names that one; it is given another place in the present text alone.
    """
    stays = _is_same_place(annotation, told.data["target"])
    if annotation.anchoring == "orphaned":
        stays = stays and told.revision == annotation.revision
    if told.revision not in (None, annotation.revision if stays else present):
        raise _other_text(present)
    return None if stays else present


def _is_same_place(annotation: Annotation, target: Json) -> bool:
    stretches = annotation.fragments or [
        {"start": annotation.start_offset, "end": annotation.end_offset}
    ]
    wanted = target.get("fragments") or [target]
    return [(piece.get("start"), piece.get("end")) for piece in wanted] == [
        (piece["start"], piece["end"]) for piece in stretches
    ]


def remove(actor: Actor, thing: Annotation | Link) -> None:
    """Delete it; history remembers it."""
    if isinstance(thing, Link):
        link_service.remove(actor, thing)
    else:
        removing.remove(actor, thing)


def _names(thing: Annotation | Link) -> WebName | None:
    return queries.names_of("link" if isinstance(thing, Link) else "annotation", thing.id)


def _article(actor: Actor, told: Told) -> tuple[str, int]:
    """The article that the source names, with its present revision."""
    ident = article_id(told.source)[0].lower()
    found = queries.articles_called(actor, told.source, ident)
    if not found:
        detail = "No article of this project has this IRI, url or external id."
        raise invalid_field("/source", "unknown_source", detail)
    if len(found) > 1:
        detail = "Several articles of this project have this url: name one by its IRI."
        called = [f"/api/v1/articles/{row.id}" for row in found]
        raise invalid_field("/source", "ambiguous_source", detail, candidates=called)
    row = found[0]
    if told.revision is not None and told.revision != row.revision:
        raise _other_text(row.revision)
    return row.id, row.revision


def _other_text(revision: int) -> Refused:
    detail = f"These offsets count over another text than revision {revision}, which stands now."
    return Conflict(detail, code="other_revision", revision=revision)


def _origins(told: Told) -> list[str]:
    """Where it came from: what the client says, and the id that it had there."""
    return list(dict.fromkeys([*told.via, *([told.iri] if told.iri else [])]))


def _call(
    thing: Thing, ident: str, names: WebName | None, canonical: str | None, via: list[str]
) -> None:
    """Keep the names it goes by elsewhere; those that it has already stay."""
    if names is None and not canonical and not via:
        return
    if names is None:
        end = {f"{thing}_id": ident}
        names = WebName(id=new_id(), via=[], canonical=None, **end)
        session().add(names)
    names.canonical = names.canonical or canonical
    names.via = names.via or via
    session().flush()  # what is answered is read back in this transaction


def check_same(actor: Actor, thing: Annotation | Link, told: Told) -> None:
    """A replacement is of the same thing, in the same place, by the same names; else Conflict."""
    is_link, names = isinstance(thing, Link), _names(thing)
    if is_link != (told.thing == "link"):
        raise _fixed("/motivation", f"This is {'a link' if is_link else 'an annotation'}.")
    if told.iri is not None and last_step(told.iri).lower() not in (thing.id, thing.original_id):
        raise _fixed("/id", "The id is the IRI under which it stands here.")
    if names and told.canonical and names.canonical not in (None, told.canonical):
        raise _fixed("/canonical", "The canonical IRI stands for good.")
    if names and names.via and told.via and told.via != names.via:
        raise _fixed("/via", "Where it came from does not change.")
    if told.data.pop("state", thing.state) != thing.state:
        raise _fixed(told.place("/state"), "The state changes by review.")
    if not told.whole:
        told.data["external_id"] = thing.external_id
    if isinstance(thing, Annotation):
        _check_same_text(actor, thing, told)
        return
    place(actor, told)
    if (told.data.pop("from"), told.data.pop("to")) != (thing.from_id, thing.to_id):
        raise _fixed("/target", "The ends of a link stay.")


def _check_same_text(actor: Actor, thing: Annotation, told: Told) -> None:
    ident = article_id(told.source)[0].lower()
    called = {row.id for row in queries.articles_called(actor, told.source, ident)}
    if thing.article_id not in called:
        raise _fixed(told.place("/source"), "An annotation stays with its article.")


def _fixed(pointer: str, detail: str) -> Any:
    errors = [fault(pointer, "read_only", detail)]
    return Conflict(detail, code="read_only", errors=errors)
