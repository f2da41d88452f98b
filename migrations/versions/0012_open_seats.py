"""One index for the seats that are open: one's own, and those that are anybody's."""

import sqlalchemy as sa
from alembic import op

revision = "0012_open_seats"
down_revision = "0011_feed_tx"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
FREE = sa.text("user_id IS NULL AND state = 'open'")


def upgrade() -> None:
    op.create_index(
        "ix_assignments_open",
        "assignments",
        ["project_id", "user_id", "due_on", "id", "task", "article_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.drop_index("ix_assignments_free", "assignments")


def downgrade() -> None:
    op.create_index(
        "ix_assignments_free",
        "assignments",
        ["project_id", "due_on", "id"],
        sqlite_where=FREE,
        postgresql_where=FREE,
    )
    op.drop_index("ix_assignments_open", "assignments")
