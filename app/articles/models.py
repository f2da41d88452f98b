"""Articles and the revisions of their texts. A text that was tagged never changes."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import BigSerial, Id, Json, key, moment, unique_if_given
from app.kernel.db import Base


class Article(Base):
    """What is known of an article; its present text is the revision it names.

    `original_id` is the id it had where it was exported, if it came in from there.
    """

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        CheckConstraint("state IN ('open', 'adjudicated')", name="state"),
        unique_if_given("articles", "external_id"),
        Index("ix_articles_publisher", "project_id", "publisher", "id"),
        unique_if_given("articles", "original_id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id", ondelete="CASCADE"))
    external_id: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(35))
    publisher: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[str | None] = mapped_column(String(10))
    published_precision: Mapped[str | None] = mapped_column(String(10))
    credited_source: Mapped[str | None] = mapped_column(Text)
    regions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    meta: Mapped[dict[str, Any]] = mapped_column(Json)
    original_id: Mapped[str | None] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(20), default="open")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class Revision(Base):
    """One text of an article, byte for byte as it was sent, with its length in three units."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        ForeignKeyConstraint(["article_id"], ["articles.id"], ondelete="CASCADE"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=True)
    article_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    codepoints: Mapped[int] = mapped_column(Integer)
    utf16: Mapped[int] = mapped_column(Integer)
    bytes: Mapped[int] = mapped_column(Integer)
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[moment]
