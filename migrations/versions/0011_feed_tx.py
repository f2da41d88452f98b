"""The order of changes outlives a move to another PostgreSQL cluster."""

from alembic import op

revision = "0011_feed_tx"
down_revision = "0010_releases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    # The server lifts the result where a restored database needs it; see app/history/settling.py.
    op.execute(
        "CREATE FUNCTION feed_tx(id xid8) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " AS 'SELECT 0 + $1::text::bigint'"
    )
    op.execute("ALTER TABLE changes ALTER COLUMN tx SET DEFAULT feed_tx(pg_current_xact_id())")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    bare = "(pg_current_xact_id()::text::bigint)"
    op.execute(f"ALTER TABLE changes ALTER COLUMN tx SET DEFAULT {bare}")
    op.execute("DROP FUNCTION feed_tx(xid8)")
