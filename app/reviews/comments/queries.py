"""Selects about comments. Each starts from what the actor may see.

While a project is blind, an annotator who is not done with an article reads there what
reviewers and managers say, and what was said by the annotator; in threads that one of these
began. What other annotators say could tell of their work; and so could the place that a deleted
comment keeps, for it tells that somebody replied. It is there for who can read such a reply.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select

from app.accounts.models import User
from app.annotations import queries as annotation_queries
from app.annotations.queries import is_done
from app.kernel.actor import Actor, Role
from app.kernel.db import session
from app.kernel.errors import NotFound
from app.kernel.paging import Page, PageAsk, page_of
from app.links import queries as link_queries
from app.links.models import Link
from app.projects.doors import Door
from app.projects.models import Membership
from app.reviews.comments.models import Comment
from app.reviews.comments.things import Subject

comments, users = Comment.__table__.c, User.__table__.c
FIRST, REPLY = Comment.__table__.alias("first"), Comment.__table__.alias("reply")
annotations, links = annotation_queries.annotations, link_queries.links
DOOR = Door(
    select(comments.project_id).where(comments.id == bindparam("thing", type_=comments.id.type)),
    "comment",
)


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may see a comment, on a select that has its thread's first."""
    here = comments.project_id == actor.project.id
    if not annotation_queries.works_blind(actor):
        return here
    replied = exists().where(
        REPLY.c.reply_to == comments.id,
        REPLY.c.text.is_not(None),
        _harmless(actor, REPLY.c.author_id),
    )
    harmless = and_(
        _harmless(actor, comments.author_id),
        _harmless(actor, FIRST.c.author_id),
        or_(comments.text.is_not(None), replied),
    )
    return and_(here, _subject_seen(actor), or_(_done(actor), harmless))


def _subject_seen(actor: Actor) -> ColumnElement[bool]:
    annotation = select(annotations.id).where(
        annotations.id == comments.annotation_id, annotation_queries.seen_by(actor)
    )
    link = link_queries.visible_to(actor).with_only_columns(links.id)
    return or_(
        comments.article_id.is_not(None),
        annotation.exists(),
        link.where(links.id == comments.link_id).exists(),
    )


def _done(actor: Actor) -> ColumnElement[bool]:
    """The actor is done with the article of the comment; of a link's, with both."""
    annotation = select(annotations.id).where(
        annotations.id == comments.annotation_id, is_done(actor.id, annotations.article_id)
    )
    link = link_queries.with_ends(select(links.id).select_from(Link.__table__)).where(
        links.id == comments.link_id, link_queries.is_done_with_both(actor.id)
    )
    return or_(is_done(actor.id, comments.article_id), annotation.exists(), link.exists())


def _harmless(actor: Actor, author: ColumnElement[Any]) -> ColumnElement[bool]:
    members = Membership.__table__.c
    staff = exists().where(
        members.project_id == actor.project.id,
        members.user_id == author,
        members.role >= Role.reviewer,
    )
    return or_(author == actor.id, staff)


def visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The comments that the actor may see, with names and whether their threads are resolved."""
    return (
        select(
            Comment.__table__,
            users.name.label("author_name"),
            FIRST.c.resolved.label("thread_resolved"),
        )
        .select_from(Comment.__table__)
        .join(FIRST, FIRST.c.id == comments.thread_id)
        .join(User.__table__, users.id == comments.author_id)
        .where(seen_by(actor))
    )


def get(actor: Actor, comment_id: str) -> Row[Any]:
    """One comment as a row."""
    if row := session().execute(visible_to(actor).where(comments.id == comment_id)).one_or_none():
        return row
    raise NotFound("There is no such comment.")


def get_for_change(actor: Actor, comment_id: str) -> Comment:
    """One comment as the thing to change, held against others until the change stands."""
    get(actor, comment_id)
    if found := session().get(Comment, comment_id, with_for_update=True):
        return found
    raise NotFound("There is no such comment.")


def find_in(actor: Actor, subject: Subject, thing_id: str, comment_id: str) -> Row[Any] | None:
    """The comment with this id, if it is about this thing."""
    statement = visible_to(actor).where(comments.id == comment_id, subject.column == thing_id)
    return session().execute(statement).one_or_none()


def listed(
    actor: Actor, subject: Subject, thing_id: str, resolved: bool | None, ask: PageAsk
) -> Page[Row[Any]]:
    """A page of the comments on a thing, oldest first; of all threads, or only some."""
    statement = visible_to(actor).where(subject.column == thing_id)
    if resolved is not None:
        statement = statement.where(FIRST.c.resolved.is_(resolved))
    return page_of(statement, [(comments.id, str)], ask, name="comments")


def has_replies(comment_id: str) -> bool:
    """Whether someone replied to the comment, visible or not."""
    return session().scalar(select(exists().where(comments.reply_to == comment_id))) or False


def find_article(comment: Comment) -> str | None:
    """The article that a comment stands in; None for a comment on a link, which has two."""
    if comment.annotation_id is None:
        return comment.article_id
    return session().scalar(
        select(annotations.article_id).where(annotations.id == comment.annotation_id)
    )
