"""Articles and sources that come in."""

from hashlib import sha256
from types import SimpleNamespace
from typing import Any, cast

from msgspec import UNSET

from app.annotations.kinds.attribution import SOURCE_TYPES
from app.annotations.names import fold
from app.articles.models import Article
from app.articles.presenting import SOURCE, editable
from app.articles.published import precision_of
from app.articles.regions import checked_regions
from app.articles.revision_schemas import TextIn
from app.articles.schemas import ArticleIn
from app.articles.service import check_length, revision_row
from app.exchange.imports.frame import Frame, moment
from app.exchange.imports.reporting import rejected
from app.exchange.imports.stores import FoundArticle
from app.exchange.imports.tables import Json
from app.exchange.native.lines import ArticleLine, RevisionLine, SourceLine
from app.kernel.ids import new_id
from app.kernel.jsons import dumps, loads
from app.kernel.offsets import Ruler
from app.web.bodies import load

_DESCRIBED = ("title", "text", "external_id", "language", "source", "regions")


def article(frame: Frame, line: ArticleLine) -> bool:
    """Bring in an article; whether it is new. Raises Rejected or a refusal of the API's."""
    body = _body(frame, line)
    text: str = body["text"]
    digest = sha256(text.encode()).hexdigest()
    if line.text_sha256 is not None and line.text_sha256 != digest:
        told = "The text does not have this hash; it was changed on its way."
        raise rejected("/text_sha256", "wrong_hash", told, found=digest)
    found = frame.known.articles.get(line.id, body.get("external_id"))
    if found is not None:
        if found.sha256 != digest:
            told = "The article is here with another text. Texts change by revisions only."
            raise rejected("/text", "text_differs", told, id=found.id)
        frame.known.articles.call(found, line.id)
        frame.known.keep_text(found, text)
        return False
    _make(frame, line, body, digest)
    return True


def _body(frame: Frame, line: ArticleLine) -> Json:
    """What the API's own schema says of the article."""
    given: Json = {n: v for n in _DESCRIBED if (v := getattr(line, n)) is not UNSET}
    if len(line.meta):
        given["meta"] = loads(bytes(line.meta))
    body: Json = load(ArticleIn, given)
    check_length(body["text"], frame.longest)
    return body


def _make(frame: Frame, line: ArticleLine, body: Json, digest: str) -> None:
    kept, text = frame.kept(line), body["text"]
    id_ = new_id()
    source = body.get("source") or {}
    regions = [{"unit": frame.unit.value, **one} for one in body.get("regions") or ()]
    row: Json = {
        **kept,
        "id": id_,
        "external_id": body.get("external_id"),
        "title": body["title"],
        "language": body.get("language"),
        **{name: source.get(name) or None for name in SOURCE},
        "regions": checked_regions(regions, Ruler(text)),
        "meta": body.get("meta") or {},
        "state": line.state if frame.keeps else "open",
        "revision": line.revision if frame.keeps else 1,
    }
    if row["published_on"]:
        row["published_precision"] = precision_of(row["published_on"])
    after = editable(cast(Article, SimpleNamespace(**row)))
    frame.add_change("article", row, {**after, "revision": row["revision"]}, id_)
    documents = {name: _json(row[name]) for name in ("regions", "meta")}
    frame.rows.add("articles", {**row, **documents})
    frame.rows.add("revisions", _present_text(frame, line, row, text))
    found = FoundArticle(id_, line.id or id_, row["external_id"], row["revision"], digest)
    frame.known.articles.bring(found)
    frame.known.keep_text(found, text)


def _present_text(frame: Frame, line: ArticleLine, row: Json, text: str) -> Json:
    """The row of an article's present text, made with the article unless it was `revised`."""
    by, at = row["author_id"], row["created_at"]
    if frame.keeps and line.revised is not None:
        by = frame.people.id_of(line.revised.by) if line.revised.by else by
        at = moment(line.revised.at, "/revised/at") if line.revised.at else at
    return {**revision_row(row["id"], row["revision"], text, by), "created_at": at}


def revision(frame: Frame, line: RevisionLine) -> None:
    """Bring in an earlier text of an article. Raises Rejected or a refusal of the API's."""
    found = frame.known.articles.get(line.article_id, line.article_external_id)
    if found is None:
        raise rejected("/article_id", "unknown_article", "There is no such article.")
    if not frame.keeps:
        told = "Only a manager brings in the earlier texts of an article."
        raise rejected("/number", "revision_not_allowed", told)
    text: str = load(TextIn, {} if line.text is UNSET else {"text": line.text})["text"]
    check_length(text, frame.longest)
    row = revision_row(found.id, line.number, text, frame.people.id_of(line.author))
    if line.text_sha256 not in (None, row["sha256"]):
        told = "The text does not have this hash; it was changed on its way."
        raise rejected("/text_sha256", "wrong_hash", told, found=row["sha256"])
    if there := frame.known.text_of(found, line.number):
        if there.text != text:
            told = "The article had another text as this revision. Texts never change."
            raise rejected("/text", "text_differs", told, id=found.id)
        return
    if line.number > found.revision:
        raise rejected("/number", "other_revision", "An earlier text has a lesser number.")
    created = frame.begun if line.created_at is None else moment(line.created_at, "/created_at")
    frame.rows.add("revisions", {**row, "created_at": created})
    frame.known.keep_text(found, text, line.number)


def source(frame: Frame, line: SourceLine) -> bool:
    """Bring in a source with its names; whether it is new. Raises Rejected.

    One that goes by this id, or has this name among its own, is here already.
    """
    known = frame.known
    if line.source_type is not None and line.source_type not in SOURCE_TYPES:
        told = f"It must be one of: {', '.join(SOURCE_TYPES)}."
        raise rejected("/source_type", "not_a_choice", told)
    own = fold(line.name)
    if line.id in known.sources or own in known.names:
        return False
    names = {own: line.name}
    for place, alias in enumerate(line.aliases):
        key = fold(alias)
        if key in known.names:
            told = f"{alias!r} is a name of another source already; merge the two."
            raise rejected(f"/aliases/{place}", "name_taken", told)
        names.setdefault(key, alias)
    kept = {**frame.kept(line), "name": line.name, "type": line.source_type}
    add_source(frame, kept, names, for_all=frame.serves_all)
    if line.id is not None:
        known.sources.add(line.id)
    return True


def add_source(frame: Frame, kept: Json, names: dict[str, str], *, for_all: bool) -> None:
    """A new source with these names, by their folded forms; its own name comes first.

    Not `for_all` it is the actor's own, since it tells what was tagged.
    """
    row: Json = {**kept, "id": new_id()}
    frame.rows.add("sources", row)
    for key, name in names.items():
        here = {"project_id": frame.project_id, "key": key, "name": name, "source_id": row["id"]}
        frame.rows.add("source_names", here)
    frame.known.bring_names(names)
    aliases = [names[key] for key in sorted(names) if key != fold(row["name"])]
    after = {"name": row["name"], "type": row["type"], "aliases": aliases}
    frame.add_change("source", {**row, "author_id": None if for_all else frame.actor.id}, after)


def _json(value: Any) -> str:
    return dumps(value).decode()
