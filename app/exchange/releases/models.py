"""What is known of a release; its content is a file."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Json, key, moment
from app.kernel.db import Base


class Release(Base):
    """One release: who made it when, under which name, and the manifest of its content.

    `sha256` and `bytes` are of the canonical rows, which lie compressed in a file named by the
    release's id. Rows are only ever added.
    """

    __tablename__ = "releases"
    __table_args__ = (
        UniqueConstraint("project_id", "name"),
        Index("ix_releases_project_id", "project_id", "id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    notes: Mapped[str] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    bytes: Mapped[int] = mapped_column(BigInteger)
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    created_at: Mapped[moment]
