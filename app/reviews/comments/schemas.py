"""What comes in and goes out of comments."""

from marshmallow import fields

from app.articles.schemas import AuthorOut
from app.web.fields import Choice, Flag, IdField, Ordinal, PageQuery, Strict, When, Words


class CommentIn(Strict):
    """A comment; with `reply_to` one in the thread of another on the same thing."""

    text = Words(10_000, required=True)
    reply_to = IdField(allow_none=True)


class CommentPatch(Strict):
    """New words of one's own, or whether a thread, by its first comment, is resolved."""

    text = Words(10_000)
    resolved = Flag()


class AboutOut(Strict):
    """What a comment is about."""

    kind = Choice(("annotation", "link", "article"), required=True)
    id = IdField(required=True)


class CommentOut(Strict):
    """A comment; `text` is null where it was deleted and only its place is kept."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    about = fields.Nested(AboutOut, required=True)
    thread_id = IdField(required=True)
    reply_to = IdField(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    deleted = Flag(required=True)
    resolved = Flag(required=True)
    author = fields.Nested(AuthorOut, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class CommentPage(Strict):
    """A page of comments, oldest first."""

    items = fields.List(fields.Nested(CommentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class CommentsQuery(PageQuery):
    """Which comments."""

    resolved = Flag(text=True, says="Only those of threads that are resolved, or open.")
