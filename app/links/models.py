"""Links between two annotations of one project."""

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

from app.kernel.columns import Id, key, moment, unique_if_given
from app.kernel.db import Base


class Link(Base):
    """A symmetric relation between two annotations of a project.

    The pair is kept twice: as it was said (`from_id`, `to_id`) and in order (`pair_low`,
    `pair_high`), so that the database itself refuses the same pair in the other direction.
    `original_id` is the id it had where it was exported, if it came in from there.
    """

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        UniqueConstraint("pair_low", "pair_high", "author_id", "layer", name="uq_links_pair"),
        ForeignKeyConstraint(
            ["project_id", "from_id"], ["annotations.project_id", "annotations.id"]
        ),
        ForeignKeyConstraint(["project_id", "to_id"], ["annotations.project_id", "annotations.id"]),
        ForeignKeyConstraint(["project_id"], ["projects.id"], ondelete="CASCADE"),
        CheckConstraint(
            "pair_low < pair_high AND ((from_id = pair_low AND to_id = pair_high)"
            " OR (from_id = pair_high AND to_id = pair_low))",
            name="pair",
        ),
        CheckConstraint("relation IN ('corroborates', 'contradicts')", name="relation"),
        CheckConstraint(
            "basis IN ('same_statement', 'numeric', 'negation', 'temporal', 'lexical', 'factive',"
            " 'world_knowledge')",
            name="basis",
        ),
        CheckConstraint(
            "independence IN ('independent', 'same_origin', 'unknown')", name="independence"
        ),
        CheckConstraint("confidence IN ('low', 'medium', 'high')", name="confidence"),
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'rejected')", name="state"),
        CheckConstraint("layer IN ('annotator', 'adjudicated')", name="layer"),
        Index("ix_links_from_id", "project_id", "from_id"),
        Index("ix_links_to_id", "project_id", "to_id"),
        unique_if_given("links", "external_id"),
        unique_if_given("links", "original_id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    from_id: Mapped[str] = mapped_column(Id)
    to_id: Mapped[str] = mapped_column(Id)
    pair_low: Mapped[str] = mapped_column(Id)
    pair_high: Mapped[str] = mapped_column(Id)
    relation: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str | None] = mapped_column(String(20))
    independence: Mapped[str | None] = mapped_column(String(20))
    rationale: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str | None] = mapped_column(String(10))
    group: Mapped[str | None] = mapped_column("group_name", String(200))
    state: Mapped[str] = mapped_column(String(10), default="draft")
    layer: Mapped[str] = mapped_column(String(12), default="annotator")
    external_id: Mapped[str | None] = mapped_column(String(200))
    original_id: Mapped[str | None] = mapped_column(Id)
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}
