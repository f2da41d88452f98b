"""Adjudication: the decisions, and what each was about."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id, Json, Moment

revision = "0007_adjudication"
down_revision = "0006_reviews"
branch_labels = None
depends_on = None


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    """What stands here is of the same project as the thing it names, and goes with it."""
    return sa.ForeignKeyConstraint(
        ["project_id", column],
        [f"{to}.project_id", f"{to}.id"],
        name=op.f(f"fk_{table}_project_id_{column}"),
        ondelete="CASCADE",
    )


def _once(table: str, column: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(column, name=op.f(f"uq_{table}_{column}"))


def _adjudications() -> None:
    table = "adjudications"
    op.create_table(
        table,
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("annotation_id", Id(), nullable=True),
        sa.Column("link_id", Id(), nullable=True),
        sa.Column("changed", Json, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("about IN ('annotation', 'link')", name=op.f("ck_adjudications_about")),
        sa.CheckConstraint("action IN ('accept', 'reject')", name=op.f("ck_adjudications_action")),
        sa.CheckConstraint(
            "how IN ('decided', 'strategy', 'carried')", name=op.f("ck_adjudications_how")
        ),
        sa.CheckConstraint(
            "(annotation_id IS NOT NULL) = (about = 'annotation' AND action = 'accept')"
            " AND (link_id IS NOT NULL) = (about = 'link' AND action = 'accept')",
            name=op.f("ck_adjudications_result"),
        ),
        sa.CheckConstraint(
            "action = 'accept' OR reason IS NOT NULL", name=op.f("ck_adjudications_reason")
        ),
        _belongs(table, "article_id", "articles"),
        _belongs(table, "annotation_id", "annotations"),
        _belongs(table, "link_id", "links"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_adjudications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjudications")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_adjudications_project_id_id")),
        _once(table, "annotation_id"),
        _once(table, "link_id"),
    )
    op.create_index("ix_adjudications_article_id", table, ["article_id", "id"])


def _origins() -> None:
    table = "adjudication_origins"
    op.create_table(
        table,
        sa.Column("adjudication_id", Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("annotation_id", Id(), nullable=True),
        sa.Column("link_id", Id(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(annotation_id IS NULL) <> (link_id IS NULL)",
            name=op.f("ck_adjudication_origins_about"),
        ),
        _belongs(table, "adjudication_id", "adjudications"),
        _belongs(table, "annotation_id", "annotations"),
        _belongs(table, "link_id", "links"),
        sa.PrimaryKeyConstraint("adjudication_id", "place", name=op.f("pk_adjudication_origins")),
        _once(table, "annotation_id"),
        _once(table, "link_id"),
    )


def upgrade() -> None:
    _adjudications()
    _origins()


def downgrade() -> None:
    op.drop_table("adjudication_origins")
    op.drop_table("adjudications")
