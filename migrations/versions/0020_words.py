"""Find the same words on PostgreSQL as on SQLite: parts of addresses and numbers, and letters
however they are composed and whatever signs they bear.
"""

from alembic import op

revision = "0020_words"
down_revision = "0019_moves"
branch_labels = None
depends_on = None

# PostgreSQL's parser knows addresses, paths, versions and signed numbers, and keeps each as one
# word; without punctuation all that is left to it are words. It is named by its numbers, for
# what a class such as [:punct:] holds depends on the locale. Latin letters lose their signs, as
# in FTS5.
PLAIN = r"""CREATE FUNCTION plain_words(raw text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(
      normalize(regexp_replace(
        normalize(raw, NFD), '([A-Za-z\u00C0-\u024F])[\u0300-\u036F]+', '\1', 'g'), NFC),
      '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8'
      '\u00BB\u00BF\u00D7\u00F7\u2000-\u206F\u20A0-\u20CF\u2190-\u2BFF\u3000-\u303F'
      '\U0001F000-\U0001FAFF]+', ' ', 'g')
    $$"""
WORDS = """CREATE OR REPLACE FUNCTION words_of(title text, body text) RETURNS tsvector
    LANGUAGE plpgsql AS $$
    BEGIN
      RETURN to_tsvector('simple', plain_words(title || E'\\n' || body));
    EXCEPTION WHEN program_limit_exceeded THEN
      RETURN to_tsvector('simple', plain_words(left(title, 10000) || E'\\n' || left(body, 200000)));
    END $$"""
WORDS_BEFORE = """CREATE OR REPLACE FUNCTION words_of(title text, body text) RETURNS tsvector
    LANGUAGE plpgsql AS $$
    BEGIN
      RETURN to_tsvector('simple', title || E'\\n' || body);
    EXCEPTION WHEN program_limit_exceeded THEN
      RETURN to_tsvector('simple', left(title, 10000) || E'\\n' || left(body, 200000));
    END $$"""
ANEW = """UPDATE article_words SET words = words_of(articles.title, revisions.text)
    FROM revisions JOIN articles ON articles.id = revisions.article_id
    WHERE revisions.id = article_words.revision_id"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (PLAIN, WORDS, ANEW):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in (WORDS_BEFORE, ANEW, "DROP FUNCTION plain_words(text)"):
            op.execute(statement)
