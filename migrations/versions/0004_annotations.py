"""Annotations, sources, and the indexes that triggers keep."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id, Json, Moment

revision = "0004_annotations"
down_revision = "0003_articles"
branch_labels = None
depends_on = None

# Each index table mirrors one list of the annotation: (table, its column, the list).
MIRRORS = (("annotation_tags", "tag", "tags"), ("said", "source_key", "source_keys"))


def _mirror_on_sqlite(table: str, column: str, listed: str) -> None:
    fill = (
        f"INSERT OR IGNORE INTO {table} (project_id, {column}, annotation_id)"
        f" SELECT NEW.project_id, value, NEW.id FROM json_each(NEW.{listed});"
    )
    op.execute(
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON annotations"
        f" WHEN NEW.{listed} IS NOT NULL AND NEW.{listed} <> '[]' BEGIN {fill} END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_update AFTER UPDATE OF {listed} ON annotations"
        f" WHEN NEW.{listed} IS NOT OLD.{listed} BEGIN"
        f" DELETE FROM {table} WHERE annotation_id = NEW.id;"
        f" INSERT OR IGNORE INTO {table} (project_id, {column}, annotation_id)"
        f" SELECT NEW.project_id, value, NEW.id FROM json_each(coalesce(NEW.{listed}, '[]')); END"
    )


def _mirror_on_postgres(table: str, column: str, listed: str) -> None:
    op.execute(
        f"""CREATE FUNCTION {table}_mirror() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            DELETE FROM {table} WHERE annotation_id = NEW.id;
          END IF;
          INSERT INTO {table} (project_id, {column}, annotation_id)
            SELECT DISTINCT NEW.project_id, value, NEW.id
            FROM json_array_elements_text(coalesce(NEW.{listed}, '[]')) AS value
            ON CONFLICT DO NOTHING;
          RETURN NULL;
        END $$"""
    )
    op.execute(
        f"CREATE TRIGGER {table}_insert AFTER INSERT ON annotations FOR EACH ROW"
        f" WHEN (NEW.{listed} IS NOT NULL AND NEW.{listed}::text <> '[]')"
        f" EXECUTE FUNCTION {table}_mirror()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_update AFTER UPDATE OF {listed} ON annotations FOR EACH ROW"
        f" WHEN (NEW.{listed}::text IS DISTINCT FROM OLD.{listed}::text)"
        f" EXECUTE FUNCTION {table}_mirror()"
    )


def upgrade() -> None:
    op.create_table(
        "annotations",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("fragments", Json, nullable=True),
        sa.Column("parts", Json, nullable=True),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("tags", Json, nullable=False),
        sa.Column("source_keys", Json, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("layer", sa.String(length=12), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "confidence IN ('low', 'medium', 'high')", name=op.f("ck_annotations_confidence")
        ),
        sa.CheckConstraint(
            "layer IN ('annotator', 'adjudicated')", name=op.f("ck_annotations_layer")
        ),
        sa.CheckConstraint(
            "origin IN ('human', 'machine', 'import')", name=op.f("ck_annotations_origin")
        ),
        sa.CheckConstraint(
            "score IS NULL OR (score >= 0 AND score <= 1 AND origin = 'machine')",
            name=op.f("ck_annotations_score"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'rejected')",
            name=op.f("ck_annotations_state"),
        ),
        sa.CheckConstraint(
            "start_offset >= 0 AND end_offset > start_offset", name=op.f("ck_annotations_span")
        ),
        sa.ForeignKeyConstraint(
            ["article_id", "revision"],
            ["revisions.article_id", "revisions.number"],
            name=op.f("fk_annotations_article_id_revision"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_annotations_author_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "article_id"],
            ["articles.project_id", "articles.id"],
            name=op.f("fk_annotations_project_id_article_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_annotations_project_id_id")),
    )
    op.create_index(
        "ix_annotations_text_order",
        "annotations",
        ["article_id", "start_offset", sa.text("(-end_offset)"), "id"],
    )
    op.create_index(
        "uq_annotations_external_id",
        "annotations",
        ["project_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "annotation_tags",
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("annotation_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["annotations.id"],
            name=op.f("fk_annotation_tags_annotation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "project_id", "tag", "annotation_id", name=op.f("pk_annotation_tags")
        ),
    )
    op.create_index("ix_annotation_tags_annotation_id", "annotation_tags", ["annotation_id"])
    op.create_table(
        "sources",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_sources_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_sources_project_id_id")),
    )
    op.create_table(
        "source_names",
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id", "source_id"],
            ["sources.project_id", "sources.id"],
            name=op.f("fk_source_names_project_id_source_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("project_id", "key", name=op.f("pk_source_names")),
    )
    op.create_index("ix_source_names_source_id", "source_names", ["source_id"])
    op.create_table(
        "said",
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("annotation_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["annotations.id"],
            name=op.f("fk_said_annotation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "source_key"],
            ["source_names.project_id", "source_names.key"],
            name=op.f("fk_said_project_id_source_key"),
        ),
        sa.PrimaryKeyConstraint("project_id", "source_key", "annotation_id", name=op.f("pk_said")),
    )
    op.create_index("ix_said_annotation_id", "said", ["annotation_id"])
    op.create_table(
        "unveiled",
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_unveiled_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_unveiled_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "user_id", name=op.f("pk_unveiled")),
    )
    postgres = op.get_bind().dialect.name == "postgresql"
    for mirror in MIRRORS:
        (_mirror_on_postgres if postgres else _mirror_on_sqlite)(*mirror)


def downgrade() -> None:
    op.drop_table("unveiled")
    op.drop_table("said")
    op.drop_table("source_names")
    op.drop_table("sources")
    op.drop_table("annotation_tags")
    op.drop_table("annotations")
    if op.get_bind().dialect.name == "postgresql":
        for table, _, _ in MIRRORS:
            op.execute(f"DROP FUNCTION {table}_mirror()")
