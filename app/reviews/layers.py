"""Annotators' layers, read for comparing: what each coder marked in an article's present text.

Coders of an article are those who annotated it, and those who are done with an assignment to do
so, even if they marked nothing. What was marked in an earlier text, and the adjudicated layer,
are left out; drafts and what was rejected since are not, for they are what someone marked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from app.accounts.models import User
from app.annotations.beside import beside
from app.annotations.models import Annotation
from app.annotations.queries import annotations, is_done, seen_by, works_blind
from app.articles.models import Article
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Forbidden
from app.reviews.assignments.models import Assignment
from app.reviews.assignments.queries import seen_by as sees_seat
from app.reviews.link_matching import MarkedLink
from app.reviews.matching import Marked

users, articles, assignments = User.__table__.c, Article.__table__.c, Assignment.__table__.c
COMPARED = (
    annotations.id,
    annotations.article_id,
    annotations.author_id,
    annotations.kind,
    annotations.start_offset,
    annotations.end_offset,
    annotations.fragments,
    annotations.parts,
    annotations.attributes,
    annotations.tags,
)
"""The columns that comparing needs."""


@dataclass(frozen=True, slots=True)
class Layers:
    """One article's layers: its coders' names by id, and the rows of what they marked."""

    coders: dict[str, str]
    rows: list[Row[Any]]

    def marked(self, kind: str | None = None) -> dict[str, list[Marked]]:
        """What each coder marked, as it is compared; of one kind, or of all."""
        found: dict[str, list[Marked]] = {coder: [] for coder in sorted(self.coders)}
        for row in self.rows:
            if kind is None or row.kind == kind:
                found[row.author_id].append(marked(row))
        return found


def layers_of(
    actor: Actor, article_ids: Sequence[str], only: Collection[str] | None, *, whole: bool = False
) -> dict[str, Layers]:
    """The layers of articles, with an entry for each, in two statements.

    `only` are the coders asked for. Rows have the columns `COMPARED` and the author's name, or
    with `whole` all that presenting shows. Nothing is read that the actor may not see.
    """
    found = {article_id: Layers({}, []) for article_id in article_ids}
    for row in session().execute(_marks(actor, article_ids, only, whole)):
        layers = found[row.article_id]
        layers.coders[row.author_id] = row.author_name
        layers.rows.append(row)
    for article_id, user_id, name in _done(actor, article_ids, only):
        found[article_id].coders[user_id] = name
    return found


def _marks(
    actor: Actor, article_ids: Sequence[str], only: Collection[str] | None, whole: bool
) -> Select[*tuple[Any, ...]]:
    columns = (*annotations, beside.verdict.label("verdict")) if whole else COMPARED
    statement: Select[*tuple[Any, ...]] = (
        select(*columns, users.name.label("author_name"))
        .select_from(Annotation.__table__)
        .join(User.__table__, users.id == annotations.author_id)
        .join(Article.__table__, articles.id == annotations.article_id)
        .where(
            seen_by(actor),
            annotations.article_id.in_(article_ids),
            annotations.layer == "annotator",
            annotations.revision == articles.revision,
        )
        .order_by(annotations.article_id, annotations.start_offset, annotations.id)
    )
    return statement if only is None else statement.where(annotations.author_id.in_(only))


def _done(
    actor: Actor, article_ids: Sequence[str], only: Collection[str] | None
) -> Iterable[tuple[str, str, str]]:
    """Who is done with which article, with names; of those whose seats the actor may see."""
    statement = (
        select(assignments.article_id, assignments.user_id, users.name)
        .join(User.__table__, users.id == assignments.user_id)
        .where(
            sees_seat(actor),
            assignments.article_id.in_(article_ids),
            assignments.task == "annotate",
            assignments.state == "done",
        )
    )
    if only is not None:
        statement = statement.where(assignments.user_id.in_(only))
    for row in session().execute(statement):
        yield row.article_id, row.user_id, row.name


def marked(row: Row[Any]) -> Marked:
    """An annotation as it is compared: paths of differences lead into its document."""
    said: dict[str, Any] = {"attributes": row.attributes, "tags": sorted(row.tags)}
    if row.parts is not None:
        said["parts"] = {
            name: [[piece["start"], piece["end"]] for piece in pieces]
            for name, pieces in row.parts.items()
        }
    pieces = row.fragments or [{"start": row.start_offset, "end": row.end_offset}]
    extent = tuple((piece["start"], piece["end"]) for piece in pieces)
    return Marked(row.id, row.kind, extent, said)


def marked_link(row: Row[Any]) -> MarkedLink:
    """A link as it is compared."""
    said = {"basis": row.basis, "independence": row.independence}
    return MarkedLink(row.id, (row.from_id, row.to_id), row.relation, said)


def by_author(rows: Iterable[Row[Any]]) -> dict[str, list[MarkedLink]]:
    """Links by who made them."""
    found: dict[str, list[MarkedLink]] = defaultdict(list)
    for row in rows:
        found[row.author_id].append(marked_link(row))
    return found


def open_to(actor: Actor, article_ids: Collection[str]) -> set[str]:
    """Those of the articles of which nothing is hidden from the actor."""
    if not works_blind(actor):
        return set(article_ids)
    done = select(articles.id).where(articles.id.in_(article_ids), is_done(actor.id, articles.id))
    return set(session().scalars(done))


def require_done(actor: Actor, article_id: str) -> None:
    """Forbidden while the actor works blind and is not done with the article."""
    if not open_to(actor, [article_id]):
        told = "This project is blind: the others' work is yours to read once you are done here."
        raise Forbidden(told, code="blind")
