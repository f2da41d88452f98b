"""The table of changes. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.columns import BigSerial, Id, Json, Moment
from app.kernel.db import Base


class Change(Base):
    """One change of one thing: who, when, and how it stood before and after.

    `before` and `after` hold whole documents when a thing begins or ends, and only the
    fields that changed otherwise. The actor and the thing are not foreign keys to the
    thing's table, since history outlives what it tells of.

    `(tx, seq)` is the order of the feed. On PostgreSQL `tx` is the writing transaction's id:
    numbers drawn from a sequence become visible in another order than they were drawn, and a
    reader who kept only the highest would miss the late ones. On SQLite, with one writer at
    a time, `seq` alone is the order of commits and `tx` is zero.
    """

    __tablename__ = "changes"
    __table_args__ = (
        Index("ix_changes_feed", "project_id", "tx", "seq"),
        Index("ix_changes_thing", "thing_id", "version"),
        # What moved from state to state, which is little beside what was made.
        Index(
            "ix_changes_moves",
            "project_id",
            "thing",
            sqlite_where=text("""json_extract("before", '$.state') IS NOT NULL"""),
            postgresql_where=text(""""before" ->> 'state' IS NOT NULL"""),
        ),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=True)
    tx: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    project_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("projects.id", ondelete="CASCADE")
    )
    article_id: Mapped[str | None] = mapped_column(Id)
    thing: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(30))
    author_id: Mapped[str | None] = mapped_column(Id)
    actor_id: Mapped[str | None] = mapped_column(Id, ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
