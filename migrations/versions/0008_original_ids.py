"""What is imported keeps the id it had elsewhere, so that it can be told again and go out again."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id

revision = "0008_original_ids"
down_revision = "0007_adjudication"
branch_labels = None
depends_on = None

TABLES = ("articles", "annotations", "links", "sources")


def upgrade() -> None:
    there = sa.text("original_id IS NOT NULL")
    for table in TABLES:
        op.add_column(table, sa.Column("original_id", Id(), nullable=True))
        op.create_index(
            f"uq_{table}_original_id",
            table,
            ["project_id", "original_id"],
            unique=True,
            sqlite_where=there,
            postgresql_where=there,
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"uq_{table}_original_id", table)
        op.drop_column(table, "original_id")
