"""The endpoints of adjudication."""

from typing import Any

from flask import Blueprint, Response, current_app

from app.articles import queries as article_queries
from app.articles.models import Article
from app.articles.queries import DOOR
from app.projects.doors import enter
from app.reviews.adjudication import queries, service
from app.reviews.adjudication.presenting import present_all, present_undecided
from app.reviews.adjudication.schemas import (
    AdjudicatedArticleOut,
    AdjudicatedOut,
    AdjudicationIn,
    AdjudicationPage,
    ReopenIn,
)
from app.reviews.layers import require_done
from app.web.bodies import page_ask
from app.web.fields import PageQuery
from app.web.operations import credential, operation
from app.web.replies import reply, reply_page

Json = dict[str, Any]
routes = Blueprint("adjudication", __name__, url_prefix="/api/v1")


@routes.post("/articles/<id:article_id>/adjudication")
@operation(
    "Decide on what annotators marked and linked, and so make the adjudicated layer",
    body=AdjudicationIn,
    answer=AdjudicatedOut,
    status=201,
    takes_key=True,
    refuses=(409,),
    description="All of it happens or nothing, in this order: decisions are withdrawn, those on "
    "annotations are taken, the strategy accepts what is left and alike, links are decided on, "
    "and the article is adjudicated if `done` says so; what is then undecided stays outside the "
    "adjudicated layer. What is accepted becomes an approved annotation of the layer "
    "`adjudicated` that says what the first of the ids says, but for what is changed. Each "
    "annotation or link of an annotator is decided on once: to decide anew, withdraw the "
    "decision. Links whose ends were both accepted, in this or another article, are carried "
    "over, those of one pair as one link; not where they name different relations: then decide "
    "in `links`. A link that shall not be carried over is to be rejected. While the project's "
    "own-work rule holds, nobody decides on what only they made, by a strategy neither. An "
    "article that is adjudicated already answers 409 `illegal_move`.",
)
def adjudicate(article_id: str, body: Json) -> Response:
    actor = enter(credential(), DOOR, article_id)
    request = service.Request(body, current_app.config["MAX_ITEMS_PER_REQUEST"])
    article, ids = service.adjudicate(actor, article_id, request)
    items = present_all(queries.these(article_id, ids))
    undecided = present_undecided(actor, article_id)
    return reply({"article": _article(article), "items": items, "undecided": undecided}, status=201)


@routes.get("/articles/<id:article_id>/adjudication")
@operation(
    "The decisions of adjudicators on an article, and what is left to decide",
    query=PageQuery,
    answer=AdjudicationPage,
    page=True,
    description="In a blind project annotators may read this once they are done with the "
    "article (403 `blind` before).",
)
def read(article_id: str, query: Json) -> Response:
    actor = enter(credential(), DOOR, article_id)
    require_done(actor, article_id)
    article = article_queries.get(actor, article_id)
    page = queries.listed(actor, article_id, page_ask(query)).map(present_all)
    undecided = present_undecided(actor, article_id)
    return reply_page(page, article=_article(article), undecided=undecided)


@routes.post("/articles/<id:article_id>/adjudication/reopen")
@operation(
    "Open an adjudicated article again; the adjudicated layer stays",
    body=ReopenIn,
    optional_body=True,
    answer=AdjudicatedArticleOut,
    takes_key=True,
    refuses=(409,),
)
def reopen(article_id: str, body: Json) -> Response:
    del body  # it is empty
    actor = enter(credential(), DOOR, article_id)
    return reply(_article(service.reopen(actor, article_id)))


def _article(article: Article | Any) -> Json:
    return {"id": article.id, "state": article.state, "version": article.version}
