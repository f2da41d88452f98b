"""The table of decisions. Rows are only ever added."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, key, moment
from app.kernel.db import Base


class Decision(Base):
    """One move of an annotation or a link through review, with who made it and why.

    `version` is the version that the move made: the one before it is what was judged.
    Decisions go with the thing they are about; history keeps what they said.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "annotation_id"],
            ["annotations.project_id", "annotations.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["project_id", "link_id"], ["links.project_id", "links.id"], ondelete="CASCADE"
        ),
        CheckConstraint("(annotation_id IS NULL) <> (link_id IS NULL)", name="about"),
        CheckConstraint(
            "action IN ('submit', 'withdraw', 'approve', 'reject', 'request_changes', 'reopen')",
            name="action",
        ),
        Index("ix_decisions_project_id", "project_id", "id"),
        Index("ix_decisions_annotation_id", "annotation_id", "id"),
        Index("ix_decisions_link_id", "link_id", "id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    annotation_id: Mapped[str | None] = mapped_column(Id)
    link_id: Mapped[str | None] = mapped_column(Id)
    action: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(10))
    to_state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[moment]
