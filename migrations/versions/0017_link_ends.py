"""Lead from a project's annotations to their links, not through all links of the project."""

from alembic import op

revision = "0017_link_ends"
down_revision = "0016_places"
branch_labels = None
depends_on = None

ENDS = ("from_id", "to_id")


def upgrade() -> None:
    for end in ENDS:
        op.drop_index(f"ix_links_{end}", "links")
        op.create_index(f"ix_links_{end}", "links", ["project_id", end])


def downgrade() -> None:
    for end in ENDS:
        op.drop_index(f"ix_links_{end}", "links")
        op.create_index(f"ix_links_{end}", "links", [end])
