"""Make a source, its own name and its history in one statement, for the first who names it.

A row put into the view `claiming_changes` is a change. Where it `claims` a name, it makes the
source that has it; where somebody has the name already, nothing comes of the row.
"""

from alembic import op

revision = "0018_claims"
down_revision = "0017_link_ends"
branch_labels = None
depends_on = None

CHANGE = (
    "project_id, article_id, thing, thing_id, version, action, author_id, actor_id, at,"
    ' "before", "after"'
)
NEW = ", ".join(f"NEW.{name}" for name in CHANGE.split(", "))
SOURCE = "sources (id, project_id, name, type, version, created_at, updated_at)"
NAME = "source_names (project_id, key, name, source_id)"

VIEW = f"CREATE VIEW claiming_changes AS SELECT {CHANGE}, CAST(NULL AS TEXT) AS claims FROM changes"

SQLITE = f"""CREATE TRIGGER claiming_changes_insert INSTEAD OF INSERT ON claiming_changes BEGIN
      SELECT RAISE(IGNORE) FROM source_names
        WHERE project_id = NEW.project_id AND key = NEW.claims;
      INSERT INTO {SOURCE}
        SELECT NEW.thing_id, NEW.project_id, json_extract(NEW."after", '$.name'),
          json_extract(NEW."after", '$.type'), NEW.version, NEW.at, NEW.at
        WHERE NEW.claims IS NOT NULL;
      INSERT INTO {NAME}
        SELECT project_id, NEW.claims, name, id FROM sources
        WHERE id = NEW.thing_id AND NEW.claims IS NOT NULL;
      INSERT INTO changes ({CHANGE}) VALUES ({NEW});
    END"""

# The name comes first: who claims it too waits here until it stands, or is free after all.
POSTGRES = (
    f"""CREATE FUNCTION claiming_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.claims IS NOT NULL THEN
        WITH mine AS (
          INSERT INTO {NAME}
            VALUES (NEW.project_id, NEW.claims, NEW.after->>'name', NEW.thing_id)
            ON CONFLICT DO NOTHING RETURNING name, source_id
        )
        INSERT INTO {SOURCE}
          SELECT source_id, NEW.project_id, name, NEW.after->>'type', NEW.version, NEW.at, NEW.at
          FROM mine;
        IF NOT FOUND THEN
          RETURN NULL;
        END IF;
      END IF;
      INSERT INTO changes ({CHANGE}) VALUES ({NEW});
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER claiming_changes INSTEAD OF INSERT ON claiming_changes
    FOR EACH ROW EXECUTE FUNCTION claiming_changes()""",
)


def upgrade() -> None:
    op.execute(VIEW)
    for made in POSTGRES if op.get_bind().dialect.name == "postgresql" else (SQLITE,):
        op.execute(made)


def downgrade() -> None:
    op.execute("DROP VIEW claiming_changes")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION claiming_changes()")
