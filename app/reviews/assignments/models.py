"""The table of assignments."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Moment, key, moment
from app.kernel.db import Base

NEVER = "9999-12-31"
"""The due date of what has none: kept as a date, so that what is due soonest sorts first."""
SILENT = ""
"""The reason of what was skipped without one: the table wants a text there."""


class Assignment(Base):
    """One seat at an article: a task that one person does once.

    A seat without a person is anybody's. Who takes it claims it until `claim_expires_at`; a
    claim that ran out is anybody's again, though the row says so only once someone else takes
    it. A `reserved` seat belongs to its person and has no such end.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        UniqueConstraint("article_id", "task", "user_id", name="uq_assignments_seat"),
        ForeignKeyConstraint(
            ["project_id", "article_id"], ["articles.project_id", "articles.id"], ondelete="CASCADE"
        ),
        CheckConstraint("task IN ('annotate', 'review')", name="task"),
        CheckConstraint("state IN ('open', 'in_progress', 'done', 'skipped')", name="state"),
        CheckConstraint("user_id IS NOT NULL OR state IN ('open', 'skipped')", name="somebody"),
        CheckConstraint("user_id IS NOT NULL OR NOT reserved", name="reserved"),
        CheckConstraint("state <> 'skipped' OR reason IS NOT NULL", name="reason"),
        Index("ix_assignments_project_id", "project_id", "id"),
        Index("ix_assignments_user_id", "user_id", "due_on", "id"),
        Index(
            "ix_assignments_open",
            "project_id",
            "user_id",
            "due_on",
            "id",
            "task",
            "article_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_assignments_claimed",
            "project_id",
            "claim_expires_at",
            sqlite_where=text("claim_expires_at IS NOT NULL"),
            postgresql_where=text("claim_expires_at IS NOT NULL"),
        ),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id)
    task: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    reserved: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[str] = mapped_column(String(10))
    claim_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}
