"""What clients of the Web Annotation Protocol call annotations and links."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id, Json

revision = "0015_web_names"
down_revision = "0014_anchoring"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_names",
        sa.Column("id", Id(), nullable=False),
        sa.Column("annotation_id", Id(), nullable=True),
        sa.Column("link_id", Id(), nullable=True),
        sa.Column("canonical", sa.Text(), nullable=True),
        sa.Column("via", Json, nullable=False),
        sa.CheckConstraint(
            "(annotation_id IS NULL) <> (link_id IS NULL)", name=op.f("ck_web_names_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["annotation_id"],
            ["annotations.id"],
            name=op.f("fk_web_names_annotation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["link_id"], ["links.id"], name=op.f("fk_web_names_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_names")),
        sa.UniqueConstraint("annotation_id", name=op.f("uq_web_names_annotation_id")),
        sa.UniqueConstraint("link_id", name=op.f("uq_web_names_link_id")),
    )


def downgrade() -> None:
    op.drop_table("web_names")
