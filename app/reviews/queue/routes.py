"""The endpoint of the review queue."""

from typing import Any

from flask import Blueprint, Response

from app.annotations.presenting import present_all
from app.annotations.queries import get_many
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.kernel.permissions import require
from app.projects.doors import enter_project
from app.reviews.queue.policy import RULES
from app.reviews.queue.queries import coders, waiting
from app.reviews.queue.schemas import QueuePage, QueueQuery
from app.web.bodies import page_ask
from app.web.operations import credential, operation
from app.web.replies import reply_page

Json = dict[str, Any]
routes = Blueprint("review_queue", __name__, url_prefix="/api/v1")


@routes.get("/projects/<project>/review-queue")
@operation(
    "What waits for your review, the most disputed and the oldest first",
    query=QueueQuery,
    answer=QueuePage,
    page=True,
    description="Submitted annotations of articles that are not adjudicated yet, without your "
    "own while the own-work rule holds. Articles come by `disagreement`, of equals the oldest "
    "first, and in each the oldest annotation first. Disagreement is the share of an article's "
    "annotations that nobody else marked with the same kind and place, and 0 as long as fewer "
    "than two people worked on it; the order is that of the moment, so an annotation may move "
    "between two pages while people work. Every page costs one look at the annotations of all "
    "articles where something waits, whatever its place.",
)
def read(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "read_the_queue", actor)
    unit, ask = Unit(query["unit"]), page_ask(query)
    page = waiting(actor, query.get("kind"), ask)
    return reply_page(page.map(lambda rows: _present(actor, rows, unit)))


def _present(actor: Actor, rows: list[Any], unit: Unit) -> list[Json]:
    found = get_many(actor, [row.id for row in rows])
    documents = {one["id"]: one for one in present_all(actor, [r._mapping for r in found], unit)}
    n_coders = coders(actor, sorted({row.article_id for row in rows}))
    return [
        {
            "annotation": documents[row.id],
            "article": {"id": row.article_id, "title": row.title},
            "disagreement": -row.backward / 1000,
            "n_coders": n_coders.get(row.article_id, 0),
        }
        for row in rows
        if row.id in documents  # it may have been deleted since
    ]
