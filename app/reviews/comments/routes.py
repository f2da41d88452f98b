"""The endpoints of comments."""

from typing import Any

from flask import Blueprint, Response

from app.kernel.actor import Actor
from app.kernel.permissions import require
from app.projects.doors import enter
from app.reviews.comments import queries, service
from app.reviews.comments.models import Comment
from app.reviews.comments.policy import RULES
from app.reviews.comments.presenting import present
from app.reviews.comments.schemas import (
    CommentIn,
    CommentOut,
    CommentPage,
    CommentPatch,
    CommentsQuery,
)
from app.reviews.comments.things import ANNOTATION, ARTICLE, LINK, Subject
from app.web.bodies import page_ask
from app.web.etag import check_if_match
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("comments", __name__, url_prefix="/api/v1")
NEW: Json = {
    "body": CommentIn,
    "answer": CommentOut,
    "status": 201,
    "takes_key": True,
    "versioned": True,
}
LIST: Json = {"query": CommentsQuery, "answer": CommentPage, "page": True}


@routes.post("/annotations/<id:annotation_id>/comments")
@operation("Comment on an annotation, or reply to a comment on it", **NEW)
def on_annotation(annotation_id: str, body: Json) -> Response:
    return _create(ANNOTATION, annotation_id, body)


@routes.post("/links/<id:link_id>/comments")
@operation("Comment on a link, or reply to a comment on it", **NEW)
def on_link(link_id: str, body: Json) -> Response:
    return _create(LINK, link_id, body)


@routes.post("/articles/<id:article_id>/comments")
@operation("Comment on an article, or reply to a comment on it", **NEW)
def on_article(article_id: str, body: Json) -> Response:
    return _create(ARTICLE, article_id, body)


@routes.get("/annotations/<id:annotation_id>/comments")
@operation("The comments on an annotation, oldest first", **LIST)
def of_annotation(annotation_id: str, query: Json) -> Response:
    return _list(ANNOTATION, annotation_id, query)


@routes.get("/links/<id:link_id>/comments")
@operation("The comments on a link, oldest first", **LIST)
def of_link(link_id: str, query: Json) -> Response:
    return _list(LINK, link_id, query)


@routes.get("/articles/<id:article_id>/comments")
@operation("The comments on an article, oldest first", **LIST)
def of_article(article_id: str, query: Json) -> Response:
    return _list(ARTICLE, article_id, query)


@routes.get("/comments/<id:comment_id>")
@operation("One comment", answer=CommentOut, versioned=True)
def read(comment_id: str) -> Response:
    return _reply(enter(credential(), queries.DOOR, comment_id), comment_id)


@routes.patch("/comments/<id:comment_id>")
@operation(
    "Change your own words, or resolve or reopen a thread",
    body=CommentPatch,
    answer=CommentOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
    refuses=(409,),
)
def edit(comment_id: str, body: Json) -> Response:
    actor, comment = _for_change(comment_id, "edit" if "text" in body else "resolve")
    service.edit(actor, comment, body)
    return _reply(actor, comment_id)


@routes.delete("/comments/<id:comment_id>")
@operation(
    "Delete a comment",
    status=204,
    needs_match=True,
    description="One that has replies stays in its place with `text` null.",
)
def remove(comment_id: str) -> Response:
    actor, comment = _for_change(comment_id, "delete")
    service.remove(actor, comment)
    return nothing()


def _create(subject: Subject, thing_id: str, body: Json) -> Response:
    actor = enter(credential(), subject.door, thing_id)
    require(RULES, "comment", actor)
    subject.check_visible(actor, thing_id)
    return _reply(actor, service.create(actor, subject, thing_id, body), 201)


def _list(subject: Subject, thing_id: str, query: Json) -> Response:
    actor = enter(credential(), subject.door, thing_id)
    subject.check_visible(actor, thing_id)
    ask = page_ask(query)
    page = queries.listed(actor, subject, thing_id, query.get("resolved"), ask)
    return reply_page(page.map(lambda rows: [present(row) for row in rows]))


def _for_change(comment_id: str, verb: str) -> tuple[Actor, Comment]:
    """The comment, once the actor may change it and names the version that stands."""
    actor = enter(credential(), queries.DOOR, comment_id)
    comment = queries.get_for_change(actor, comment_id)
    require(RULES, verb, actor, comment)
    check_if_match(comment.version, lambda: present(queries.get(actor, comment_id)))
    return actor, comment


def _reply(actor: Actor, comment_id: str, status: int = 200) -> Response:
    row = queries.get(actor, comment_id)
    location = f"/api/v1/comments/{comment_id}" if status == 201 else None
    return reply(present(row), version=row.version, status=status, location=location)
