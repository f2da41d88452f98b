"""Answers kept for callers who try again with the same Idempotency-Key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import Json, Moment, moment
from app.kernel.db import Base


class Replay(Base):
    """One keyed request: reserved while it runs, then the answer it was given.

    `status` is null while it runs; a reservation left behind by a crash lapses at
    `expires_at`.
    """

    __tablename__ = "replays"
    __table_args__ = (Index("ix_replays_expires_at", "expires_at"),)

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[dict[str, Any] | None] = mapped_column(Json)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[moment]
    expires_at: Mapped[datetime] = mapped_column(Moment)
