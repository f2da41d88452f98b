"""Projects, their members, and the history of everything."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import BigSerial, Id, Json, Moment

revision = "0002_projects"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    transaction = sa.text("(pg_current_xact_id()::text::bigint)" if postgres else "0")
    op.create_table(
        "projects",
        sa.Column("id", Id(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("guidelines", sa.Text(), nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("created_by", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_projects_name")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_projects_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("slug", name=op.f("uq_projects_slug")),
    )
    op.create_table(
        "memberships",
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("role", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("role BETWEEN 1 AND 4", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["projects.id"],
            name=op.f("fk_memberships_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_user_id", "memberships", ["user_id", "project_id"])
    op.create_table(
        "changes",
        sa.Column("seq", BigSerial, autoincrement=True, nullable=False),
        sa.Column("tx", sa.BigInteger(), server_default=transaction, nullable=False),
        sa.Column("project_id", Id(), nullable=True),
        sa.Column("article_id", Id(), nullable=True),
        sa.Column("thing", sa.String(length=20), nullable=False),
        sa.Column("thing_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("author_id", Id(), nullable=True),
        sa.Column("actor_id", Id(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_changes_actor_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_changes_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_feed", "changes", ["project_id", "tx", "seq"])
    op.create_index("ix_changes_thing", "changes", ["thing_id", "version"])


def downgrade() -> None:
    op.drop_table("changes")
    op.drop_table("memberships")
    op.drop_table("projects")
