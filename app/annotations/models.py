"""Annotations, the sources that attributions name, and the indexes kept beside them."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Float,
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

from app.kernel.columns import Id, Json, key, moment, unique_if_given
from app.kernel.db import Base


class Annotation(Base):
    """A tagged span: a claim, a figure or an attribution.

    `start_offset` and `end_offset` count code points in the article's text of `revision`;
    of a discontinuous span they are the envelope and `fragments` holds the pieces. `kind`
    has no check here, so that a new kind needs no migration. `original_id` is the id it had
    where it was exported, if it came in from there. `source_keys` are the folded
    names of an attribution's sources; triggers keep `annotation_tags` and `said` in step
    with `tags` and `source_keys`, whichever way a row is written.

    `anchoring` says how sure the place is since the text was last changed: `sure`, `uncertain`
    (with `anchoring_score`: a person should look), or `orphaned`, which has no place in the
    article's present text and still marks the earlier one that `revision` names.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        ForeignKeyConstraint(
            ["project_id", "article_id"], ["articles.project_id", "articles.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["article_id", "revision"], ["revisions.article_id", "revisions.number"]
        ),
        CheckConstraint("start_offset >= 0 AND end_offset > start_offset", name="span"),
        CheckConstraint("confidence IN ('low', 'medium', 'high')", name="confidence"),
        CheckConstraint("origin IN ('human', 'machine', 'import')", name="origin"),
        CheckConstraint(
            "score IS NULL OR (score >= 0 AND score <= 1 AND origin = 'machine')", name="score"
        ),
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'rejected')", name="state"),
        CheckConstraint("layer IN ('annotator', 'adjudicated')", name="layer"),
        CheckConstraint("anchoring IN ('sure', 'uncertain', 'orphaned')", name="anchoring"),
        CheckConstraint(
            "anchoring_score IS NULL OR (anchoring_score >= 0 AND anchoring_score <= 1)",
            name="anchoring_score",
        ),
        Index(
            "ix_annotations_anchoring",
            "project_id",
            "anchoring",
            "id",
            sqlite_where=text("anchoring <> 'sure'"),
            postgresql_where=text("anchoring <> 'sure'"),
        ),
        Index(
            "ix_annotations_text_order",
            "article_id",
            "start_offset",
            text("(-end_offset)"),
            "id",
        ),
        # Who reports a span is asked at every create; most of a dense article is no attribution.
        # Beyond that, what stats and the review queue count of a whole project, so that they
        # need not read its rows.
        Index(
            "ix_annotations_places",
            "project_id",
            "article_id",
            "kind",
            "start_offset",
            "end_offset",
            "author_id",
            "state",
            "layer",
            "anchoring",
            "origin",
            "created_at",
        ),
        unique_if_given("annotations", "external_id"),
        unique_if_given("annotations", "original_id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id)
    article_id: Mapped[str] = mapped_column(Id)
    revision: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(30))
    start_offset: Mapped[int] = mapped_column(Integer)
    end_offset: Mapped[int] = mapped_column(Integer)
    exact: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    suffix: Mapped[str] = mapped_column(Text)
    fragments: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    parts: Mapped[dict[str, list[dict[str, Any]]] | None] = mapped_column(Json)
    attributes: Mapped[dict[str, Any]] = mapped_column(Json)
    topic: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(Json)
    source_keys: Mapped[list[str] | None] = mapped_column(Json)
    note: Mapped[str | None] = mapped_column(Text)
    confidence: Mapped[str | None] = mapped_column(String(10))
    origin: Mapped[str] = mapped_column(String(10))
    score: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(10))
    layer: Mapped[str] = mapped_column(String(12))
    external_id: Mapped[str | None] = mapped_column(String(200))
    anchoring: Mapped[str] = mapped_column(String(10), server_default="sure")
    anchoring_score: Mapped[float | None] = mapped_column(Float)
    original_id: Mapped[str | None] = mapped_column(Id)
    author_id: Mapped[str] = mapped_column(Id, ForeignKey("users.id"))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class AnnotationTag(Base):
    """Which annotations bear a tag; written by triggers only."""

    __tablename__ = "annotation_tags"
    __table_args__ = (Index("ix_annotation_tags_annotation_id", "annotation_id"),)

    project_id: Mapped[str] = mapped_column(Id, primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True)
    annotation_id: Mapped[str] = mapped_column(
        Id, ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True
    )


class Source(Base):
    """Someone or something that is quoted: one identity behind all the names it goes by."""

    __tablename__ = "sources"
    __table_args__ = (
        UniqueConstraint("project_id", "id"),
        unique_if_given("sources", "original_id"),
    )

    id: Mapped[key]
    project_id: Mapped[str] = mapped_column(Id, ForeignKey("projects.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str | None] = mapped_column(String(20))
    original_id: Mapped[str | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[moment]
    updated_at: Mapped[moment]

    __mapper_args__ = {"version_id_col": version}


class SourceName(Base):
    """A name of a source, folded to a key that belongs to one source in a project.

    Merging two sources moves names and touches no annotation.
    """

    __tablename__ = "source_names"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "source_id"], ["sources.project_id", "sources.id"], ondelete="CASCADE"
        ),
        Index("ix_source_names_source_id", "source_id"),
    )

    project_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    source_id: Mapped[str] = mapped_column(Id)


class Said(Base):
    """Which attributions name which source; written by triggers only."""

    __tablename__ = "said"
    __table_args__ = (
        ForeignKeyConstraint(
            ["project_id", "source_key"], ["source_names.project_id", "source_names.key"]
        ),
        Index("ix_said_annotation_id", "annotation_id"),
    )

    project_id: Mapped[str] = mapped_column(Id, primary_key=True)
    source_key: Mapped[str] = mapped_column(Text, primary_key=True)
    annotation_id: Mapped[str] = mapped_column(
        Id, ForeignKey("annotations.id", ondelete="CASCADE"), primary_key=True
    )


class Unveiled(Base):
    """Who may see the others' work on an article of a blind project: those who are done."""

    __tablename__ = "unveiled"

    article_id: Mapped[str] = mapped_column(
        Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        Id, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
