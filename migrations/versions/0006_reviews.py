"""Decisions, comments, verdicts and assignments."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import Id, Moment

revision = "0006_reviews"
down_revision = "0005_links"
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


def _user(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["users.id"], name=op.f(f"fk_{table}_{column}"))


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("annotation_id", Id(), nullable=True),
        sa.Column("link_id", Id(), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=10), nullable=False),
        sa.Column("to_state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "(annotation_id IS NULL) <> (link_id IS NULL)", name=op.f("ck_decisions_about")
        ),
        sa.CheckConstraint(
            "action IN ('submit', 'withdraw', 'approve', 'reject', 'request_changes', 'reopen')",
            name=op.f("ck_decisions_action"),
        ),
        _belongs("decisions", "annotation_id", "annotations"),
        _belongs("decisions", "link_id", "links"),
        _user("decisions", "user_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_project_id", "decisions", ["project_id", "id"])
    op.create_index("ix_decisions_annotation_id", "decisions", ["annotation_id", "id"])
    op.create_index("ix_decisions_link_id", "decisions", ["link_id", "id"])


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("article_id", Id(), nullable=True),
        sa.Column("annotation_id", Id(), nullable=True),
        sa.Column("link_id", Id(), nullable=True),
        sa.Column("thread_id", Id(), nullable=False),
        sa.Column("reply_to", Id(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN article_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN annotation_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN link_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_comments_about"),
        ),
        sa.CheckConstraint(
            "(reply_to IS NULL) = (thread_id = id)", name=op.f("ck_comments_thread")
        ),
        _belongs("comments", "article_id", "articles"),
        _belongs("comments", "annotation_id", "annotations"),
        _belongs("comments", "link_id", "links"),
        sa.ForeignKeyConstraint(
            ["project_id", "thread_id"],
            ["comments.project_id", "comments.id"],
            name=op.f("fk_comments_project_id_thread_id"),
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "reply_to"],
            ["comments.thread_id", "comments.id"],
            name=op.f("fk_comments_thread_id_reply_to"),
        ),
        _user("comments", "author_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_comments_project_id_id")),
        sa.UniqueConstraint("thread_id", "id", name=op.f("uq_comments_thread_id_id")),
    )
    op.create_index("ix_comments_article_id", "comments", ["article_id", "id"])
    op.create_index("ix_comments_annotation_id", "comments", ["annotation_id", "id"])
    op.create_index("ix_comments_link_id", "comments", ["link_id", "id"])
    op.create_index("ix_comments_reply_to", "comments", ["reply_to"])


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("annotation_id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "label IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting')",
            name=op.f("ck_verdicts_label"),
        ),
        _belongs("verdicts", "annotation_id", "annotations"),
        _user("verdicts", "user_id"),
        sa.PrimaryKeyConstraint("annotation_id", name=op.f("pk_verdicts")),
    )


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("task", sa.String(length=10), nullable=False),
        sa.Column("user_id", Id(), nullable=True),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_on", sa.String(length=10), nullable=False),
        sa.Column("claim_expires_at", Moment(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("created_by", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("task IN ('annotate', 'review')", name=op.f("ck_assignments_task")),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'done', 'skipped')",
            name=op.f("ck_assignments_state"),
        ),
        sa.CheckConstraint(
            "user_id IS NOT NULL OR state IN ('open', 'skipped')",
            name=op.f("ck_assignments_somebody"),
        ),
        sa.CheckConstraint(
            "user_id IS NOT NULL OR NOT reserved", name=op.f("ck_assignments_reserved")
        ),
        sa.CheckConstraint(
            "state <> 'skipped' OR reason IS NOT NULL", name=op.f("ck_assignments_reason")
        ),
        _belongs("assignments", "article_id", "articles"),
        _user("assignments", "user_id"),
        _user("assignments", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("article_id", "task", "user_id", name="uq_assignments_seat"),
    )
    op.create_index("ix_assignments_project_id", "assignments", ["project_id", "id"])
    op.create_index("ix_assignments_user_id", "assignments", ["user_id", "due_on", "id"])
    op.create_index(
        "ix_assignments_free",
        "assignments",
        ["project_id", "due_on", "id"],
        sqlite_where=sa.text("user_id IS NULL AND state = 'open'"),
        postgresql_where=sa.text("user_id IS NULL AND state = 'open'"),
    )
    op.create_index(
        "ix_assignments_claimed",
        "assignments",
        ["project_id", "claim_expires_at"],
        sqlite_where=sa.text("claim_expires_at IS NOT NULL"),
        postgresql_where=sa.text("claim_expires_at IS NOT NULL"),
    )


def upgrade() -> None:
    _decisions()
    _comments()
    _verdicts()
    _assignments()


def downgrade() -> None:
    op.drop_table("assignments")
    op.drop_table("verdicts")
    op.drop_table("comments")
    op.drop_table("decisions")
