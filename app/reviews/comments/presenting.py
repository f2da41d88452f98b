"""Comments as the wire has them, and as history keeps them."""

from typing import Any

from sqlalchemy import Row

from app.reviews.comments.models import Comment

Json = dict[str, Any]


def present(row: Row[Any]) -> Json:
    """A comment from a row of `queries.visible_to`; `resolved` is its thread's."""
    return {
        "id": row.id,
        "project_id": row.project_id,
        "about": about(row),
        "thread_id": row.thread_id,
        "reply_to": row.reply_to,
        "text": row.text,
        "deleted": row.text is None,
        "resolved": row.thread_resolved,
        "author": {"id": row.author_id, "name": row.author_name},
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def about(row: Row[Any] | Comment) -> Json:
    """What a comment is about."""
    if row.annotation_id is not None:
        return {"kind": "annotation", "id": row.annotation_id}
    if row.link_id is not None:
        return {"kind": "link", "id": row.link_id}
    return {"kind": "article", "id": row.article_id}


def core(comment: Comment) -> Json:
    """What a comment says and where; history keeps this."""
    return {
        "about": about(comment),
        "reply_to": comment.reply_to,
        "text": comment.text,
        "resolved": comment.resolved,
    }
