"""What must hold of everything stored, beyond what the database itself enforces.

Each check yields a sentence for everything that is wrong.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Row, and_, column, exists, not_, or_, select, table
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.accounts.models import User
from app.annotations.models import Annotation, AnnotationTag, Said
from app.articles.models import Article, Revision
from app.kernel.actor import Role
from app.projects.models import Membership, Project

Check = Callable[[Session], Iterator[str]]
BATCH = 100


def sound_file(session: Session) -> Iterator[str]:
    """The database's own opinion of its file; PostgreSQL has none to give."""
    if session.get_bind().dialect.name != "sqlite":
        return
    driver = session.connection().exec_driver_sql
    yield from (f"SQLite: {row[0]}" for row in driver("PRAGMA integrity_check") if row[0] != "ok")
    for row in driver("PRAGMA foreign_key_check"):
        yield f"A row of {row[0]} refers to a row of {row[2]} that is not there."


def administered(session: Session) -> Iterator[str]:
    """Someone can administer the server."""
    if not session.scalar(select(exists().where(User.is_admin, User.disabled_at.is_(None)))):
        yield "There is no active administrator: run `flask --app wsgi user ensure-admin`."


def managed(session: Session) -> Iterator[str]:
    """Every project has a manager."""
    of_project = Membership.project_id == Project.id
    managers = exists().where(of_project, Membership.role == Role.manager)
    for slug in session.scalars(select(Project.slug).where(~managers)):
        yield f"The project {slug} has no manager."


def texts_whole(session: Session) -> Iterator[str]:
    """Every text has the hash and the lengths that were noted when it came."""
    for revision in _revisions(session):
        raw = revision.text.encode()
        measured = (
            hashlib.sha256(raw).hexdigest(),
            len(revision.text),
            len(revision.text.encode("utf-16-le")) // 2,
            len(raw),
        )
        noted = (revision.sha256, revision.codepoints, revision.utf16, revision.bytes)
        if measured != noted:
            yield f"{_name(revision)} is not the text that was stored."


def quotes_true(session: Session) -> Iterator[str]:
    """Every annotation quotes what stands in its text at its offsets."""
    for revision in _revisions(session):
        found = session.execute(
            select(Annotation.__table__).where(
                Annotation.article_id == revision.article_id,
                Annotation.revision == revision.number,
            )
        )
        for row in found:
            if not all(_stands(revision.text, span) for span in _spans(row)):
                yield f"The annotation {row.id} does not quote {_name(revision)}."


def places_true(session: Session) -> Iterator[str]:
    """What has a place marks its article's present text; what has none marks an earlier one."""
    there = exists().where(Revision.article_id == Article.id, Revision.number == Article.revision)
    for article_id in session.scalars(select(Article.id).where(~there)):
        yield f"The article {article_id} has no present text."
    orphaned, present = Annotation.anchoring == "orphaned", Annotation.revision == Article.revision
    wrong = or_(
        and_(orphaned, present),
        and_(not_(orphaned), not_(present)),
        Annotation.revision > Article.revision,
        (Annotation.anchoring == "uncertain") != Annotation.anchoring_score.is_not(None),
    )
    found = select(Annotation.id).join(Article, Article.id == Annotation.article_id).where(wrong)
    for annotation_id in session.scalars(found):
        yield f"The annotation {annotation_id} is not where its anchoring says."


def texts_findable(session: Session) -> Iterator[str]:
    """The present text of every article is in the search index."""
    lite = session.get_bind().dialect.name == "sqlite"
    key: Any = column("rowid" if lite else "revision_id")
    indexed = select(key).select_from(table("article_words"))
    missing = (
        select(Article.id)
        .join(Revision, (Revision.article_id == Article.id) & (Revision.number == Article.revision))
        .where(Revision.id.not_in(indexed))
    )
    for article_id in session.scalars(missing):
        yield f"The article {article_id} is not in the search index."


def tags_indexed(session: Session) -> Iterator[str]:
    """The index of tags says what the annotations say."""
    yield from _mirrored(session, Annotation.tags, AnnotationTag.annotation_id, AnnotationTag.tag)


def sources_indexed(session: Session) -> Iterator[str]:
    """The index of who said what says what the annotations say."""
    yield from _mirrored(session, Annotation.source_keys, Said.annotation_id, Said.source_key)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("the database file is sound", sound_file),
    ("there is an administrator", administered),
    ("every project has a manager", managed),
    ("every text is as it was stored", texts_whole),
    ("every annotation quotes its text", quotes_true),
    ("every annotation is where its anchoring says", places_true),
    ("every article can be found by its words", texts_findable),
    ("the index of tags is right", tags_indexed),
    ("the index of sources is right", sources_indexed),
)
"""What each check has shown when it finds nothing, and the check, in order."""


def _revisions(session: Session) -> Iterable[Row[Any]]:
    """Every text, a few in memory at a time."""
    last = 0
    while True:
        statement = select(Revision.__table__).where(Revision.id > last).order_by(Revision.id)
        rows = session.execute(statement.limit(BATCH)).all()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _name(revision: Row[Any]) -> str:
    return f"revision {revision.number} of the article {revision.article_id}"


def _spans(row: Row[Any]) -> Iterator[dict[str, Any]]:
    whole = {"start": row.start_offset, "end": row.end_offset, "exact": row.exact}
    yield from row.fragments or [whole]
    for spans in (row.parts or {}).values():
        yield from spans


def _stands(text: str, span: dict[str, Any]) -> bool:
    if pieces := span.get("fragments"):
        return all(_stands(text, piece) for piece in pieces)
    quoted = text[span["start"] : span["end"]]
    return bool(quoted) and span.get("exact", quoted) == quoted


def _mirrored(
    session: Session,
    listed: InstrumentedAttribute[Any],
    annotation_id: InstrumentedAttribute[str],
    value: InstrumentedAttribute[str],
) -> Iterator[str]:
    """Annotations whose list is not the one their index table holds, page after page."""
    last = ""
    while True:
        statement = select(Annotation.id, listed).order_by(Annotation.id).limit(BATCH * 10)
        rows = session.execute(statement.where(Annotation.id > last) if last else statement).all()
        if not rows:
            return
        kept = defaultdict(set)
        within = annotation_id.between(rows[0][0], rows[-1][0])
        for owner, entry in session.execute(select(annotation_id, value).where(within)):
            kept[owner].add(entry)
        for owner, entries in rows:
            if set(entries or ()) != kept[owner]:
                yield f"The {value.class_.__tablename__} of annotation {owner} are not indexed."
        last = rows[-1][0]
