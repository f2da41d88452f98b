"""Projects and their members."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Json, key, moment
from app.kernel.db import Base


class Project(Base):
    """A body of articles that one team tags under one set of guidelines."""

    __tablename__ = "projects"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name"),)

    id: Mapped[key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    guidelines: Mapped[str] = mapped_column(Text, default="")
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class Membership(Base):
    """What one person may do in one project: 1 viewer, 2 annotator, 3 reviewer, 4 manager."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("role BETWEEN 1 AND 4", name="role"),
        Index("ix_memberships_user_id", "user_id", "project_id"),
    )

    project_id: Mapped[str] = mapped_column(
        Id, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"), primary_key=True)
    role: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}
