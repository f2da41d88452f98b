"""Adding and changing articles. Their texts are never changed, only followed by new ones."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from app.articles import queries, texts
from app.articles.models import Article, Revision
from app.articles.policy import RULES
from app.articles.presenting import SOURCE, editable
from app.articles.published import precision_of
from app.articles.regions import checked_regions
from app.history.record import changed, record
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import after_commit, session
from app.kernel.errors import Conflict, NotFound, invalid_field
from app.kernel.ids import new_id
from app.kernel.offsets import Ruler, lengths
from app.kernel.permissions import require

Json = dict[str, Any]

before_removal: list[Callable[[Actor, str], None]] = []
"""What rooms above do when an article goes, with the actor and the article's id."""


def create(actor: Actor, data: Json, *, longest: int) -> Article:
    """Add an article with its first text, at most `longest` code points."""
    require(RULES, "create", actor)
    text: str = data["text"]
    check_length(text, longest)
    moment = now()
    article = Article(
        id=new_id(),
        project_id=actor.project.id,
        author_id=actor.id,
        state="open",
        revision=1,
        version=1,
        created_at=moment,
    )
    ruler = Ruler(text)
    _take(article, {**data, "regions": checked_regions(data.get("regions"), ruler)})
    article.updated_at = moment
    with _an_external_id_of_its_own(actor, article.external_id):
        session().add(article)
    session().execute(insert(Revision), [revision_row(article.id, 1, text, actor.id)])
    after_commit(lambda: texts.keep(article.id, 1, text))
    record_article(actor, "created", article, after={**editable(article), "revision": 1})
    return article


def edit(actor: Actor, article: Article, data: Json) -> Article:
    """Replace what can be edited by `data`, a whole document as `presenting.editable` gives.

    Where it says what stands already there is no new version.
    """
    require(RULES, "edit", actor)
    before = editable(article)
    stored = texts.text_of(article.id, article.revision)
    regions = checked_regions(data.get("regions"), stored.ruler)
    with _an_external_id_of_its_own(actor, data.get("external_id")):
        _take(article, {**data, "regions": regions})
        was, is_now = changed(before, editable(article))
        if not is_now:
            return article
        article.updated_at = now()
    record_article(actor, "edited", article, before=was, after=is_now)
    return article


def remove(actor: Actor, article: Article) -> None:
    """Delete an article with its texts, annotations and their links; history stays."""
    require(RULES, "delete", actor)
    for step in before_removal:
        step(actor, article.id)
    record_article(
        actor, "deleted", article, before={**editable(article), "revision": article.revision}
    )
    session().execute(delete(Article).where(Article.id == article.id))


def check_length(text: str, longest: int) -> None:
    """Refuse a text past the limit."""
    if len(text) > longest:
        told = (
            f"A text has at most {longest} code points (MAX_TEXT_CODEPOINTS); this has {len(text)}."
        )
        raise invalid_field("/text", "text_too_long", told)


def revision_row(article_id: str, number: int, text: str, author_id: str) -> Json:
    """The row of one text: the text, its hash, and its length in three units."""
    measured = lengths(text)
    return {
        "article_id": article_id,
        "number": number,
        "text": text,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "codepoints": measured.codepoints,
        "utf16": measured.utf16,
        "bytes": measured.bytes,
        "author_id": author_id,
        "created_at": now(),
    }


def _take(article: Article, data: Json) -> None:
    article.title = data["title"]
    article.external_id = data.get("external_id")
    article.language = data.get("language")
    source = data.get("source") or {}
    for name in SOURCE:
        setattr(article, name, source.get(name) or None)
    if article.published_on:
        article.published_precision = precision_of(article.published_on)
    article.regions = data["regions"]
    article.meta = data.get("meta") or {}


@contextmanager
def _an_external_id_of_its_own(actor: Actor, external_id: str | None) -> Iterator[None]:
    """Let what happens within stand, or be taken back and refused where the id is taken.

    The change belongs within: what was changed before would be written outside the savepoint.
    """
    try:
        with session().begin_nested():
            yield
            session().flush()  # the database knows best whether the external id is taken
    except IntegrityError:
        taken = queries.find_by_external_id(actor, external_id) if external_id else None
        if taken is None:  # the project went meanwhile
            raise NotFound("There is no such project.") from None
        raise Conflict(
            f"An article of this project has the external id {external_id!r} already.",
            code="external_id_taken",
            id=taken,
        ) from None


def record_article(actor: Actor, action: str, article: Article, **documents: Json) -> None:
    """Let history tell of an article, `before` and `after`."""
    record(
        actor,
        action,
        "article",
        article,
        article_id=article.id,
        author_id=article.author_id,
        **documents,  # type: ignore[arg-type]  # before and after
    )
