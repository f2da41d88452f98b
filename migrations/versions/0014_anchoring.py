"""How sure an annotation's place in the present text is, and a search index of present texts."""

from alembic import op

revision = "0014_anchoring"
down_revision = "0013_attributions_near"
branch_labels = None
depends_on = None

# Both engines take a column with its own check, and drop the check with the column.
COLUMNS = (
    "anchoring VARCHAR(10) DEFAULT 'sure' NOT NULL CONSTRAINT ck_annotations_anchoring"
    " CHECK (anchoring IN ('sure', 'uncertain', 'orphaned'))",
    "anchoring_score {float} CONSTRAINT ck_annotations_anchoring_score"
    " CHECK (anchoring_score IS NULL OR (anchoring_score >= 0 AND anchoring_score <= 1))",
)
# What is not sure is a few among many: an index of those alone.
INDEX = (
    "CREATE INDEX ix_annotations_anchoring ON annotations (project_id, anchoring, id)"
    " WHERE anchoring <> 'sure'"
)

# An imported article brings its earlier texts after the present one: only the latter is found.
SQLITE_SEARCH = """CREATE TRIGGER revisions_words_insert AFTER INSERT ON revisions
    WHEN NEW.number = (SELECT revision FROM articles WHERE id = NEW.article_id) BEGIN
      DELETE FROM article_words WHERE rowid IN
        (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
      INSERT INTO article_words (rowid, title, text)
        SELECT NEW.id, title, NEW.text FROM articles WHERE id = NEW.article_id;
    END"""
POSTGRES_SEARCH = """CREATE OR REPLACE FUNCTION revisions_words() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO article_words
        SELECT NEW.id, words_of(title, NEW.text) FROM articles
        WHERE id = NEW.article_id AND revision = NEW.number;
      IF FOUND THEN
        DELETE FROM article_words WHERE revision_id IN
          (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
      END IF;
      RETURN NULL;
    END $$"""

SQLITE_SEARCH_BEFORE = """CREATE TRIGGER revisions_words_insert AFTER INSERT ON revisions BEGIN
      DELETE FROM article_words WHERE rowid IN
        (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
      INSERT INTO article_words (rowid, title, text)
        SELECT NEW.id, title, NEW.text FROM articles WHERE id = NEW.article_id;
    END"""
POSTGRES_SEARCH_BEFORE = """CREATE OR REPLACE FUNCTION revisions_words() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM article_words WHERE revision_id IN
        (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
      INSERT INTO article_words
        SELECT NEW.id, words_of(title, NEW.text) FROM articles WHERE id = NEW.article_id;
      RETURN NULL;
    END $$"""


# What is tagged while its article gets another text was checked against a text that is no more.
# On PostgreSQL the foreign keys of the rows have held the article by then, so that this statement
# sees the text that stays until the commit; on SQLite one writes at a time.
SQLITE_GUARD = """CREATE TRIGGER annotations_present_text BEFORE INSERT ON annotations
    WHEN NEW.anchoring <> 'orphaned'
      AND NEW.revision <> (SELECT revision FROM articles WHERE id = NEW.article_id) BEGIN
      SELECT RAISE(ABORT, 'other_revision');
    END"""
POSTGRES_GUARD = (
    """CREATE FUNCTION annotations_present_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM fresh JOIN articles ON articles.id = fresh.article_id
          WHERE articles.revision <> fresh.revision AND fresh.anchoring <> 'orphaned') THEN
        RAISE EXCEPTION 'other_revision' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$""",
    """CREATE TRIGGER annotations_present_text AFTER INSERT ON annotations
    REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION annotations_present_text()""",
)


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for column in COLUMNS:
        told = column.format(float="DOUBLE PRECISION" if postgres else "FLOAT")
        op.execute(f"ALTER TABLE annotations ADD COLUMN {told}")
    op.execute(INDEX)
    _search(POSTGRES_SEARCH if postgres else SQLITE_SEARCH)
    for guard in POSTGRES_GUARD if postgres else (SQLITE_GUARD,):
        op.execute(guard)


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute("DROP TRIGGER annotations_present_text ON annotations")
        op.execute("DROP FUNCTION annotations_present_text()")
    else:
        op.execute("DROP TRIGGER annotations_present_text")
    _search(POSTGRES_SEARCH_BEFORE if postgres else SQLITE_SEARCH_BEFORE)
    op.drop_index("ix_annotations_anchoring", "annotations")
    for name in ("anchoring_score", "anchoring"):
        op.execute(f"ALTER TABLE annotations DROP COLUMN {name}")


def _search(statement: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER revisions_words_insert")
    op.execute(statement)
