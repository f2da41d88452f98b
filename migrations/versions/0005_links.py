"""Links between annotations."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id, Moment

revision = "0005_links"
down_revision = "0004_annotations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("from_id", Id(), nullable=False),
        sa.Column("to_id", Id(), nullable=False),
        sa.Column("pair_low", Id(), nullable=False),
        sa.Column("pair_high", Id(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=True),
        sa.Column("independence", sa.String(length=20), nullable=True),
        sa.Column("rationale", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=10), nullable=True),
        sa.Column("group_name", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("layer", sa.String(length=12), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "basis IN ('same_statement', 'numeric', 'negation', 'temporal', 'lexical', 'factive', 'world_knowledge')",
            name=op.f("ck_links_basis"),
        ),
        sa.CheckConstraint(
            "confidence IN ('low', 'medium', 'high')", name=op.f("ck_links_confidence")
        ),
        sa.CheckConstraint(
            "independence IN ('independent', 'same_origin', 'unknown')",
            name=op.f("ck_links_independence"),
        ),
        sa.CheckConstraint("layer IN ('annotator', 'adjudicated')", name=op.f("ck_links_layer")),
        sa.CheckConstraint(
            "relation IN ('corroborates', 'contradicts')", name=op.f("ck_links_relation")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'rejected')", name=op.f("ck_links_state")
        ),
        sa.CheckConstraint(
            "pair_low < pair_high AND ((from_id = pair_low AND to_id = pair_high) OR (from_id = pair_high AND to_id = pair_low))",
            name=op.f("ck_links_pair"),
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_links_author_id")),
        sa.ForeignKeyConstraint(
            ["project_id", "from_id"],
            ["annotations.project_id", "annotations.id"],
            name=op.f("fk_links_project_id_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id", "to_id"],
            ["annotations.project_id", "annotations.id"],
            name=op.f("fk_links_project_id_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_links_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("pair_low", "pair_high", "author_id", "layer", name="uq_links_pair"),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_links_project_id_id")),
    )
    op.create_index("ix_links_from_id", "links", ["from_id"])
    op.create_index("ix_links_to_id", "links", ["to_id"])
    op.create_index(
        "uq_links_external_id",
        "links",
        ["project_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("links")
