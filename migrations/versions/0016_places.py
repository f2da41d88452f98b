"""One index for all that looks at where annotations are and whose, without reading them.

It leads from an article to its attributions too, which had a small index of their own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_places"
down_revision = "0015_web_names"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_annotations_places",
        "annotations",
        [
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
        ],
    )
    op.drop_index("ix_annotations_attributions", "annotations")


def downgrade() -> None:
    these = sa.text("kind = 'attribution'")
    op.create_index(
        "ix_annotations_attributions",
        "annotations",
        ["article_id", "start_offset", "end_offset"],
        sqlite_where=these,
        postgresql_where=these,
    )
    op.drop_index("ix_annotations_places", "annotations")
