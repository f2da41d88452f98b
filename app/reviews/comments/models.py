"""The table of comments."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, key, moment
from app.kernel.db import Base


class Comment(Base):
    """Something said about an annotation, a link or an article.

    A thread is a first comment, whose `thread_id` is its own id, and all replies below it.
    `resolved` is the thread's and stands with the first comment. A comment that was deleted
    while it had replies stays with `text` null, so that the replies keep their place.
    """

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        UniqueConstraint("thread_id", "id"),
        ForeignKeyConstraint(
            ["project_id", "article_id"], ["articles.project_id", "articles.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["project_id", "annotation_id"],
            ["annotations.project_id", "annotations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "link_id"], ["links.project_id", "links.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["project_id", "thread_id"], ["comments.project_id", "comments.id"]),
        ForeignKeyConstraint(["thread_id", "reply_to"], ["comments.thread_id", "comments.id"]),
        CheckConstraint(
            "CASE WHEN article_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN annotation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN link_id IS NULL THEN 0 ELSE 1 END = 1",
            name="about",
        ),
        CheckConstraint("(reply_to IS NULL) = (thread_id = id)", name="thread"),
        Index("ix_comments_article_id", "article_id", "id"),
        Index("ix_comments_annotation_id", "annotation_id", "id"),
        Index("ix_comments_link_id", "link_id", "id"),
        Index("ix_comments_reply_to", "reply_to"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str | None] = mapped_column(Id)
    annotation_id: Mapped[str | None] = mapped_column(Id)
    link_id: Mapped[str | None] = mapped_column(Id)
    thread_id: Mapped[str] = mapped_column(Id)
    reply_to: Mapped[str | None] = mapped_column(Id)
    text: Mapped[str | None] = mapped_column(Text)
    resolved: Mapped[bool] = mapped_column(Boolean)
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}
