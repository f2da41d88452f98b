"""File names for articles: readable, safe on every system, unique without a list of all names."""

import re
import unicodedata

from app.exchange.rows import ArticleRow

_LONGEST = 40
_UNSAFE = re.compile(r"[^a-z0-9]+")


def stem(article: ArticleRow) -> str:
    """A file name without ending: what the article is called, then its id, which is unique."""
    said = article.external_id or article.title
    plain = unicodedata.normalize("NFKD", said[:200]).encode("ascii", "ignore").decode().lower()
    slug = _UNSAFE.sub("-", plain)[:_LONGEST].strip("-")
    return f"{slug}.{article.id}" if slug else article.id
