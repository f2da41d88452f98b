"""The table of verdicts."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, moment
from app.kernel.db import Base


class Verdict(Base):
    """What a reviewer found of a claim; one a claim.

    It is part of the claim: setting it makes a new version of the annotation, and `version` is
    that one. When the annotation has moved on, the verdict is of what stood there before.
    """

    __tablename__ = "verdicts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "annotation_id"],
            ["annotations.project_id", "annotations.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "label IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting')", name="label"
        ),
    )

    annotation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(Id)
    label: Mapped[str] = mapped_column(String(20))
    justification: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[moment]
    updated_at: Mapped[moment]
