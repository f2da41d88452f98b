"""Find the attributions around a span without reading all that is tagged in its article."""

import sqlalchemy as sa
from alembic import op

revision = "0013_attributions_near"
down_revision = "0012_open_seats"
branch_labels = None
depends_on = None

NAME = "ix_annotations_attributions"


def upgrade() -> None:
    these = sa.text("kind = 'attribution'")
    op.create_index(
        NAME,
        "annotations",
        ["article_id", "start_offset", "end_offset"],
        sqlite_where=these,
        postgresql_where=these,
    )


def downgrade() -> None:
    op.drop_index(NAME, "annotations")
