"""The verbs of discussion."""

from typing import Any

from sqlalchemy.exc import IntegrityError

from app.history.record import changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid, NotFound, invalid_field
from app.kernel.ids import new_id
from app.kernel.permissions import require
from app.reviews.comments import queries
from app.reviews.comments.models import Comment
from app.reviews.comments.policy import RULES
from app.reviews.comments.presenting import core
from app.reviews.comments.things import Subject

Json = dict[str, Any]


def create(actor: Actor, subject: Subject, thing_id: str, data: Json) -> str:
    """Say something about a thing, or reply to what was said; the id of the comment."""
    require(RULES, "comment", actor)
    own_id, moment = new_id(), now()
    reply_to = data.get("reply_to")
    comment = Comment(
        id=own_id,
        project_id=actor.project.id,
        thread_id=_thread(actor, subject, thing_id, reply_to) if reply_to else own_id,
        reply_to=reply_to,
        text=data["text"],
        resolved=False,
        author_id=actor.id,
        version=1,
        created_at=moment,
        updated_at=moment,
    )
    setattr(comment, f"{subject.noun}_id", thing_id)
    session().add(comment)
    try:
        session().flush()  # the database knows whether all that is named still stands
    except IntegrityError:
        session().rollback()
        if reply_to:
            raise _no_parent() from None
        raise NotFound(f"There is no such {subject.noun}.") from None
    _record(actor, "created", comment, after=core(comment))
    return own_id


def edit(actor: Actor, comment: Comment, data: Json) -> Comment:
    """Change one's own words (`text`), or say whether the thread is `resolved`."""
    before = core(comment)
    if "text" in data:
        require(RULES, "edit", actor, comment)
        if comment.text is None:
            raise Conflict("This comment was deleted.", code="deleted")
        comment.text = data["text"]
    if "resolved" in data:
        require(RULES, "resolve", actor, comment)
        if comment.reply_to is not None:
            told = "A thread is resolved by its first comment; this is a reply."
            raise invalid_field("/resolved", "not_a_thread", told)
        comment.resolved = data["resolved"]
    was, is_now = changed(before, core(comment))
    if is_now:
        comment.updated_at = now()
        session().flush()  # counts the version
        _record(actor, "edited", comment, before=was, after=is_now)
    return comment


def remove(actor: Actor, comment: Comment) -> None:
    """Delete a comment; one that has replies keeps its place without its words."""
    require(RULES, "delete", actor, comment)
    before = core(comment)
    if not queries.has_replies(comment.id):
        session().delete(comment)
    elif comment.text is not None:
        comment.text = None
        comment.updated_at = now()
    else:
        return
    _record(actor, "deleted", comment, before=before)
    session().flush()  # the version is compared here, so that nobody's edit is deleted unseen


def _thread(actor: Actor, subject: Subject, thing_id: str, reply_to: str) -> str:
    parent = queries.find_in(actor, subject, thing_id, reply_to)
    if parent is None:
        raise _no_parent()
    return str(parent.thread_id)


def _no_parent() -> Invalid:
    return invalid_field("/reply_to", "no_such_comment", "There is no such comment on this.")


def _record(actor: Actor, action: str, comment: Comment, **documents: Json) -> None:
    record(
        actor,
        action,
        "comment",
        comment,
        article_id=queries.find_article(comment),
        author_id=comment.author_id,
        before=documents.get("before"),
        after=documents.get("after"),
    )
