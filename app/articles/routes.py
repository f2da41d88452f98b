"""The endpoints of articles."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from flask import Blueprint, Response, current_app
from sqlalchemy import Row

from app.articles import examples, queries, revising, service
from app.articles.models import Article
from app.articles.policy import RULES
from app.articles.presenting import editable, present, present_outcome, present_revision
from app.articles.revision_schemas import RevisedOut, RevisionOut, RevisionPage, TextIn
from app.articles.schemas import (
    ArticleFields,
    ArticleIn,
    ArticleOut,
    ArticlePage,
    ArticlePatch,
    ArticleQuery,
    ArticlesQuery,
    UnitQuery,
)
from app.articles.texts import texts_of
from app.kernel.actor import Actor
from app.kernel.db import database, reading
from app.kernel.mergepatch import merge_patch
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.web.bodies import load, page_ask, read_json
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
Reader = Callable[[Actor, str, frozenset[str], Unit], Json]


class Versioned(Protocol):
    """An article, as a row or as the thing to change."""

    @property
    def version(self) -> int: ...


T = TypeVar("T", bound=Versioned)
ABOUT_TEXT = """\
The text becomes a new revision; earlier ones stay readable. Every annotation is looked for in it,
with all its parts: `kept` stands where it stood, `moved` elsewhere, `uncertain` at a place that
someone should look at (approved ones wait for review again), `orphaned` nowhere: it goes on
marking the earlier text until it is given a new target. Orphaned ones whose words are back return.
The same text again changes nothing and says so."""
routes = Blueprint("articles", __name__, url_prefix="/api/v1")


@routes.post("/projects/<project>/articles")
@operation(
    "Add an article",
    body=ArticleIn,
    query=UnitQuery,
    answer=ArticleOut,
    status=201,
    takes_key=True,
    versioned=True,
    description="The text is kept byte for byte: no trimming, no other line ends, no other Unicode "
    "form. `regions` mark what is no part of the story.",
    examples={"article": examples.ARTICLE},
)
def create(project: str, body: Json, query: Json) -> Response:
    actor = enter_project(credential(), project)
    article = service.create(actor, body, longest=current_app.config["MAX_TEXT_CODEPOINTS"])
    return _reply(actor, article.id, Unit(query["unit"]), 201)


@routes.get("/projects/<project>/articles")
@operation(
    "The articles of a project",
    query=ArticlesQuery,
    answer=ArticlePage,
    page=True,
    description="With `include=text` a page of long articles has fewer than `limit`, and a `next`.",
)
def list_articles(project: str, query: Json) -> Response:
    ask, include = page_ask(query), query.pop("include")
    page = queries.listed(enter_project(credential(), project), query, ask)
    if "text" in include:
        return reply_page(queries.as_far_as_texts_fit(page).map(_with_texts))
    return reply_page(page.map(lambda rows: [present(row._mapping) for row in rows]))


@routes.get("/articles/<id:article_id>")
@operation(
    "One article; with include=annotations,links all that a reader page needs",
    query=ArticleQuery,
    answer=ArticleOut,
    versioned=True,
)
def read(article_id: str, query: Json) -> Response:
    actor = enter(credential(), queries.OPEN_DOOR, article_id)
    unit = Unit(query["unit"])
    document = present(actor.seen, unit)
    if asked := query["include"] - {"text"}:
        reader: Reader = current_app.extensions["reader"]
        document |= reader(actor, article_id, asked, unit)
    return _discovered(actor, reply(document, version=actor.seen["version"]))


@routes.patch("/articles/<id:article_id>")
@operation(
    "Change what is known of an article, by merge patch",
    body=ArticlePatch,
    query=UnitQuery,
    answer=ArticleOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
)
def edit(article_id: str, body: Json, query: Json) -> Response:
    del body  # it was read for its faults; the patch itself is what was sent
    patch = read_json(MERGE_PATCH)
    actor = enter(credential(), queries.DOOR, article_id)
    require(RULES, "edit", actor)
    article = queries.get_for_change(actor, article_id)
    check_if_match(article.version, lambda: _standing(actor, article_id))
    wanted = merge_patch(_base(article, patch), patch)
    service.edit(actor, article, load(ArticleFields, wanted))
    return _reply(actor, article_id, Unit(query["unit"]))


@routes.delete("/articles/<id:article_id>")
@operation("Delete an article with everything on it", status=204, needs_match=True)
def remove(article_id: str) -> Response:
    actor = enter(credential(), queries.DOOR, article_id)
    require(RULES, "delete", actor)
    article = queries.get_for_removal(actor, article_id)
    check_if_match(article.version, lambda: _standing(actor, article_id))
    service.remove(actor, article)
    return nothing()


@routes.put("/articles/<id:article_id>/text")
@operation(
    "Give an article a new text; what is tagged in it follows",
    body=TextIn,
    answer=RevisedOut,
    versioned=True,
    needs_match=True,
    description=ABOUT_TEXT,
)
def put_text(article_id: str, body: Json) -> Response:
    longest = current_app.config["MAX_TEXT_CODEPOINTS"]
    with reading(database()):  # so that nobody waits while places are looked for
        actor, seen = _for_revision(article_id, queries.get)
        change = revising.foresee(actor, article_id, seen.revision, body["text"], longest=longest)
    actor, article = _for_revision(article_id, queries.get_for_revision)
    outcome = revising.revise(actor, article, change)
    row = queries.get(actor, article_id)
    return reply(present_outcome(row, outcome), version=row.version)


@routes.get("/articles/<id:article_id>/revisions")
@operation("The texts that an article had", query=PageQuery, answer=RevisionPage, page=True)
def list_revisions(article_id: str, query: Json) -> Response:
    enter(credential(), queries.DOOR, article_id)
    page = queries.revisions_of(article_id, page_ask(query))
    return reply_page(page.map(lambda rows: [present_revision(row) for row in rows]))


@routes.get("/articles/<id:article_id>/revisions/<int:number>")
@operation("One text that an article had", answer=RevisionOut, versioned=True)
def read_revision(article_id: str, number: int) -> Response:
    enter(credential(), queries.DOOR, article_id)
    row = queries.get_revision(article_id, number)
    return reply(present_revision(row, with_text=True), version=number)


def _with_texts(rows: list[Row[Any]]) -> list[Json]:
    """The articles with their texts; without those that were deleted at this moment."""
    found = texts_of([(row.id, row.revision) for row in rows])
    pairs = ((row, found.get((row.id, row.revision))) for row in rows)
    return [present({**row._mapping, "text": text.text}) for row, text in pairs if text]


def _for_revision(article_id: str, get: Callable[[Actor, str], T]) -> tuple[Actor, T]:
    """The article as `get` gives it, once the actor may change its text and names its version."""
    actor = enter(credential(), queries.DOOR, article_id)
    require(RULES, "revise", actor)
    article = get(actor, article_id)
    check_if_match(article.version, lambda: _standing(actor, article_id))
    return actor, article


def _standing(actor: Actor, article_id: str) -> Json:
    """The article as a GET tells it."""
    return present(queries.get(actor, article_id, with_text=True)._mapping)


def _base(article: Article, patch: Json) -> Json:
    """What a patch is merged into. A precision follows from its date, so it goes with it."""
    base = editable(article)
    if "published_on" in (patch.get("source") or {}):
        base["source"].pop("published_precision", None)
    return base


def _reply(actor: Actor, article_id: str, unit: Unit, status: int = 200) -> Response:
    row = queries.get(actor, article_id, with_text=True)
    location = f"/api/v1/articles/{article_id}" if status == 201 else None
    document = present(row._mapping, unit)
    response = reply(document, version=row.version, status=status, location=location)
    return _discovered(actor, response)


def _discovered(actor: Actor, response: Response) -> Response:
    """The answer, telling where a client of the Web Annotation Protocol finds annotations."""
    response.headers["Link"] = (
        f'</wa/{actor.project.id}/>; rel="http://www.w3.org/ns/oa#annotationService"'
    )
    return response
