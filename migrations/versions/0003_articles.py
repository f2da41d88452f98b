"""Articles, the revisions of their texts, and full-text search."""

import sqlalchemy as sa
from alembic import op

from app.kernel.columns import BigSerial, Id, Json, Moment

revision = "0003_articles"
down_revision = "0002_projects"
branch_labels = None
depends_on = None

SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE article_words
       USING fts5(title, text, tokenize = 'unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER revisions_words_insert AFTER INSERT ON revisions BEGIN
         DELETE FROM article_words WHERE rowid IN
           (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
         INSERT INTO article_words (rowid, title, text)
           SELECT NEW.id, title, NEW.text FROM articles WHERE id = NEW.article_id;
       END""",
    """CREATE TRIGGER revisions_words_delete AFTER DELETE ON revisions BEGIN
         DELETE FROM article_words WHERE rowid = OLD.id;
       END""",
    """CREATE TRIGGER articles_words_title AFTER UPDATE OF title ON articles
       WHEN NEW.title IS NOT OLD.title BEGIN
         UPDATE article_words SET title = NEW.title WHERE rowid =
           (SELECT id FROM revisions WHERE article_id = NEW.id AND number = NEW.revision);
       END""",
)

# A tsvector holds at most a mebibyte of words: of a text past that, the beginning is found.
POSTGRES_SEARCH = (
    """CREATE TABLE article_words (
         revision_id bigint PRIMARY KEY REFERENCES revisions (id) ON DELETE CASCADE,
         words tsvector NOT NULL)""",
    "CREATE INDEX ix_article_words_words ON article_words USING gin (words)",
    """CREATE FUNCTION words_of(title text, body text) RETURNS tsvector LANGUAGE plpgsql AS $$
       BEGIN
         RETURN to_tsvector('simple', title || E'\\n' || body);
       EXCEPTION WHEN program_limit_exceeded THEN
         RETURN to_tsvector('simple', left(title, 10000) || E'\\n' || left(body, 200000));
       END $$""",
    """CREATE FUNCTION revisions_words() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         DELETE FROM article_words WHERE revision_id IN
           (SELECT id FROM revisions WHERE article_id = NEW.article_id AND id <> NEW.id);
         INSERT INTO article_words
           SELECT NEW.id, words_of(title, NEW.text) FROM articles WHERE id = NEW.article_id;
         RETURN NULL;
       END $$""",
    """CREATE FUNCTION articles_words() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         UPDATE article_words SET words = words_of(NEW.title, revisions.text) FROM revisions
           WHERE article_words.revision_id = revisions.id
             AND revisions.article_id = NEW.id AND revisions.number = NEW.revision;
         RETURN NULL;
       END $$""",
    """CREATE TRIGGER revisions_words AFTER INSERT ON revisions
       FOR EACH ROW EXECUTE FUNCTION revisions_words()""",
    """CREATE TRIGGER articles_words AFTER UPDATE OF title ON articles FOR EACH ROW
       WHEN (NEW.title IS DISTINCT FROM OLD.title) EXECUTE FUNCTION articles_words()""",
)


def _search() -> tuple[str, ...]:
    return POSTGRES_SEARCH if op.get_bind().dialect.name == "postgresql" else SQLITE_SEARCH


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", Id(), nullable=False),
        sa.Column("project_id", Id(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published_on", sa.String(length=10), nullable=True),
        sa.Column("published_precision", sa.String(length=10), nullable=True),
        sa.Column("credited_source", sa.Text(), nullable=True),
        sa.Column("regions", Json, nullable=False),
        sa.Column("meta", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'adjudicated')", name=op.f("ck_articles_state")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_articles_author_id")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_articles_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("project_id", "id", name=op.f("uq_articles_project_id_id")),
    )
    op.create_index("ix_articles_publisher", "articles", ["project_id", "publisher", "id"])
    op.create_index(
        "uq_articles_external_id",
        "articles",
        ["project_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "revisions",
        sa.Column("id", BigSerial, autoincrement=True, nullable=False),
        sa.Column("article_id", Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("codepoints", sa.Integer(), nullable=False),
        sa.Column("utf16", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("author_id", Id(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_revisions_article_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_revisions_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_revisions_article_id_number")),
        sqlite_autoincrement=True,
    )
    for statement in _search():
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE article_words")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION revisions_words() CASCADE")
        op.execute("DROP FUNCTION articles_words() CASCADE")
        op.execute("DROP FUNCTION words_of(text, text)")
    else:
        op.execute("DROP TRIGGER articles_words_title")
        op.execute("DROP TRIGGER revisions_words_insert")
        op.execute("DROP TRIGGER revisions_words_delete")
    op.drop_table("revisions")
    op.drop_table("articles")
