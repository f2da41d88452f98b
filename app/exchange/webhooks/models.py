"""Who is sent what, and what became of each sending."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Id, Json, Moment, key, moment
from app.kernel.db import Base


class Webhook(Base):
    """A place that is sent a project's changes.

    `(cursor_tx, cursor_seq)` is the position in the feed up to which everything was received.
    The secret is not kept: it follows from `salt` and the server's own key. `lease` names the
    attempt that is under way until `leased_until`; `failures` counts the attempts that failed
    since something was last received.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        Index("ix_webhooks_project_id", "project_id", "id"),
        Index("ix_webhooks_due", "active", "due_at"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id", ondelete="CASCADE"))
    url: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(Json)
    salt: Mapped[str] = mapped_column(String(64))
    active: Mapped[bool] = mapped_column(Boolean)
    paused: Mapped[dict[str, Any] | None] = mapped_column(Json)
    created_by: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    cursor_tx: Mapped[int] = mapped_column(BigInteger)
    cursor_seq: Mapped[int] = mapped_column(BigInteger)
    failures: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[moment]
    lease: Mapped[str | None] = mapped_column(Id)
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class Delivery(Base):
    """One batch of changes for one webhook: those after `from_…` and up to `to_…`.

    The batch itself is not kept; it is read from the feed again for every attempt.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_webhook_id", "webhook_id", "id"),
        CheckConstraint(
            "status IN ('pending', 'delivered', 'failed', 'superseded')", name="status"
        ),
    )

    id: Mapped[key]
    webhook_id: Mapped[str] = mapped_column(Id, ForeignKey("webhooks.id", ondelete="CASCADE"))
    from_tx: Mapped[int] = mapped_column(BigInteger)
    from_seq: Mapped[int] = mapped_column(BigInteger)
    to_tx: Mapped[int] = mapped_column(BigInteger)
    to_seq: Mapped[int] = mapped_column(BigInteger)
    changes: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(12))
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    http_status: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[moment]
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
