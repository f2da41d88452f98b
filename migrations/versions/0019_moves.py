"""Lead to the moves from state to state, which are few among the changes of a project."""

import sqlalchemy as sa
from alembic import op

revision = "0019_moves"
down_revision = "0018_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_changes_moves",
        "changes",
        ["project_id", "thing"],
        sqlite_where=sa.text("""json_extract("before", '$.state') IS NOT NULL"""),
        postgresql_where=sa.text(""""before" ->> 'state' IS NOT NULL"""),
    )


def downgrade() -> None:
    op.drop_index("ix_changes_moves", "changes")
