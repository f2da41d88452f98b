"""The endpoint of comparisons."""

from typing import Any

from flask import Blueprint, Response, current_app

from app.articles.queries import DOOR
from app.kernel.offsets import Unit
from app.projects.doors import enter
from app.reviews.comparison.presenting import present
from app.reviews.comparison.schemas import ComparisonOut, ComparisonQuery
from app.reviews.comparison.service import comparison
from app.web.operations import credential, operation
from app.web.replies import reply

routes = Blueprint("comparison", __name__, url_prefix="/api/v1")


@routes.get("/articles/<id:article_id>/comparison")
@operation(
    "The annotators' layers side by side, links included",
    query=ComparisonQuery,
    answer=ComparisonOut,
    description="A group is what all annotators say about one place: exact when all members "
    "have one extent and kind, overlapping when they only share text, single with one member. "
    "Compared is everyone who annotated the article's present text or is done with an assignment "
    "to; `missing` are those of them who have nothing there. Of links a group is exact when all "
    "name one relation, overlapping when they name different ones. In a blind project "
    "annotators may read this once they are done with the article (403 `blind` before).",
)
def of_article(article_id: str, query: dict[str, Any]) -> Response:
    actor = enter(credential(), DOOR, article_id)
    most = current_app.config["MAX_READER_ANNOTATIONS"]
    found = comparison(actor, article_id, query.get("users"), query.get("kind"), most)
    return reply(present(actor, found, Unit(query["unit"])))
