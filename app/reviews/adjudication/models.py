"""The tables of adjudication. Rows are only ever added, or go with what they are about."""

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

from app.kernel.columns import Id, Json, key, moment
from app.kernel.db import Base


class Adjudication(Base):
    """One decision of an adjudicator on annotations, or on links, of an article.

    Accepting makes one thing of the adjudicated layer: `annotation_id` or `link_id`, with which
    the decision goes. `how` tells what an adjudicator said from what a strategy accepted and from
    links that were carried over. `changed` names what the adjudicator said other than the first
    of the origins did.
    """

    __tablename__ = "adjudications"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        UniqueConstraint("annotation_id"),
        UniqueConstraint("link_id"),
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
        CheckConstraint("about IN ('annotation', 'link')", name="about"),
        CheckConstraint("action IN ('accept', 'reject')", name="action"),
        CheckConstraint("how IN ('decided', 'strategy', 'carried')", name="how"),
        CheckConstraint(
            "(annotation_id IS NOT NULL) = (about = 'annotation' AND action = 'accept')"
            " AND (link_id IS NOT NULL) = (about = 'link' AND action = 'accept')",
            name="result",
        ),
        CheckConstraint("action = 'accept' OR reason IS NOT NULL", name="reason"),
        Index("ix_adjudications_article_id", "article_id", "id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id)
    about: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(10))
    how: Mapped[str] = mapped_column(String(10))
    annotation_id: Mapped[str | None] = mapped_column(Id)
    link_id: Mapped[str | None] = mapped_column(Id)
    changed: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[moment]


class Origin(Base):
    """What a decision is about: an annotator's annotation or link, as it stood at `version`.

    Each is decided on once: what was accepted into one result cannot go into another.
    """

    __tablename__ = "adjudication_origins"
    __table_args__ = (
        UniqueConstraint("annotation_id"),
        UniqueConstraint("link_id"),
        ForeignKeyConstraint(
            ["project_id", "adjudication_id"],
            ["adjudications.project_id", "adjudications.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "annotation_id"],
            ["annotations.project_id", "annotations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "link_id"], ["links.project_id", "links.id"], ondelete="CASCADE"
        ),
        CheckConstraint("(annotation_id IS NULL) <> (link_id IS NULL)", name="about"),
    )

    adjudication_id: Mapped[str] = mapped_column(Id, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[str] = mapped_column(Id)
    annotation_id: Mapped[str | None] = mapped_column(Id)
    link_id: Mapped[str | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
