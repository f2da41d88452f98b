"""Full-text search over titles and texts, by the means of each engine.

The index is written by triggers in the transaction of the article itself, so that what was
acknowledged is found. Every word must occur; words in quotes must stand together.
"""

import re
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Select, column, false, func, select, table

from app.articles.models import Article, Revision
from app.kernel.db import dialect

_PIECES = re.compile(r'"([^"]*)"|(\S+)')


def matches(q: str) -> ColumnElement[bool]:
    """The condition that an article's title or present text has the words of `q`."""
    phrases = [quoted or word.strip('"') for quoted, word in _PIECES.findall(q)]
    phrases = [phrase for phrase in phrases if re.search(r"\w", phrase)]
    if not phrases:
        return false()
    found = _on_postgres(phrases) if dialect() == "postgresql" else _on_sqlite(phrases)
    revisions = Revision.__table__.c
    return Article.__table__.c.id.in_(
        select(revisions.article_id)
        .join(Article.__table__, Article.__table__.c.id == revisions.article_id)
        .where(revisions.number == Article.__table__.c.revision, revisions.id.in_(found))
        .correlate(None)
    )


def _on_sqlite(phrases: list[str]) -> Select[Any]:
    words = table("article_words", column("rowid"), column("article_words"))
    asked = " ".join('"' + phrase.replace('"', '""') + '"' for phrase in phrases)
    return select(words.c.rowid).where(words.c.article_words.op("MATCH")(asked))


def _on_postgres(phrases: list[str]) -> Select[Any]:
    words = table("article_words", column("revision_id"), column("words"))
    each: list[ColumnElement[Any]] = [
        func.phraseto_tsquery("simple", func.plain_words(phrase)) for phrase in phrases
    ]
    asked = reduce(lambda left, right: left.op("&&")(right), each)
    return select(words.c.revision_id).where(words.c.words.op("@@")(asked))
