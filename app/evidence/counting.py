"""What counts as evidence, of what the actor may see: the conditions that every answer shares.

A link counts with both its ends or not at all, so evidence is as good as its weakest part:

- Nothing that was rejected counts. Drafts do, unless `state` asks for more: in many projects
  nobody submits, and an answer shows the state of what it stands on.
- Nothing counts that marks an earlier text of an article than the present one: what a paper
  corrected it says no more.
- Nothing counts twice. What was adjudicated is counted as the result it went into, and so are
  the links of it; what adjudication rejected does not count, and links that it decided on give
  way to those it made. What is not decided on counts as the annotators left it. That is the
  layer `settled`; `annotator` and `adjudicated` take one layer as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    and_,
    func,
    or_,
    select,
    true,
)

from app.annotations import queries as annotation_queries
from app.annotations.models import Annotation
from app.annotations.queries import is_done, works_blind
from app.articles.models import Article
from app.kernel.actor import Actor
from app.links import queries as link_queries
from app.links.models import Link
from app.links.queries import FROM, TO
from app.reviews.adjudication.models import Adjudication, Origin

annotations, links = annotation_queries.annotations, link_queries.links
Statement = Select[*tuple[Any, ...]]
AT_LEAST = {
    "draft": ("draft", "submitted", "approved"),
    "submitted": ("submitted", "approved"),
    "approved": ("approved",),
}
LAYERS = ("settled", "annotator", "adjudicated")
_OWN = Origin.__table__.alias("own_origin")
_OWN_DECISION = Adjudication.__table__.alias("own_decision")


class _Decided:
    """What adjudication made of annotations: aliases of its tables, beside one of theirs."""

    def __init__(self, name: str, table: Any) -> None:
        self.table = table
        self.origin = Origin.__table__.alias(f"{name}_origin")
        self.decision = Adjudication.__table__.alias(f"{name}_decision")
        self.result = Annotation.__table__.alias(f"{name}_result")
        self.article = Article.__table__.alias(f"{name}_article")

    @property
    def id(self) -> ColumnElement[Any]:
        """The id of the result, or of the annotation itself where nothing is decided."""
        return func.coalesce(self.result.c.id, self.table.c.id)

    def holds(
        self, name: str, condition: Callable[[ColumnElement[Any]], ColumnElement[bool]]
    ) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """That a condition holds of a column of the result, or of the annotation's own without one.

        Said without `coalesce`: PostgreSQL knows nothing of what that gives, takes it for rare,
        and then reads tables once for each of many rows.
        """
        own, result = self.table.c[name], self.result.c[name]
        return or_(condition(own), condition(result)), or_(result.is_(None), condition(result))


_ONE, _OTHER = _Decided("one", FROM), _Decided("other", TO)
_DIRECT = _Decided("direct", Annotation.__table__)


@dataclass(frozen=True, slots=True)
class Counting:
    """What the actor wants counted: from which state on, and of which layer."""

    actor: Actor
    state: str = "draft"
    layer: str = "settled"

    @property
    def settles(self) -> bool:
        """Whether annotations are counted as the results that they went into."""
        return self.layer == "settled"

    def edges(self, among: Subquery | None = None) -> Statement:
        """The links that count, in the order of ids; only those `among` the project's, if given.

        Columns: `id`, `one` and `other` (the ends as they are counted), `relation`,
        `independence`. What is given stands first among so many joins, for PostgreSQL reorders
        no more than the first eight.
        """
        ends = (_ONE, _OTHER)
        statement = select(
            links.id,
            self._id(_ONE).label("one"),
            self._id(_OTHER).label("other"),
            links.relation,
            links.independence,
        )
        if among is None:
            statement = statement.select_from(Link.__table__)
        else:
            statement = statement.join_from(among, Link.__table__, links.id == among.c.id)
        for end, id_ in ((_ONE, links.from_id), (_OTHER, links.to_id)):
            statement = self._joined(statement.join(end.table, end.table.c.id == id_), end)
        statement = statement.where(
            self._seen(among is not None),
            links.state.in_(AT_LEAST[self.state]),
            *(condition for end in ends for condition in self._counts(end)),
        )
        if self.settles:
            return self._undecided(statement).order_by(links.id)
        return statement.where(links.layer == self.layer).order_by(links.id)

    def annotations(self, *columns: ColumnElement[Any]) -> Statement:
        """These columns of the annotations that count, each as itself.

        In the layer `settled` these are the results, and what is not decided on.
        """
        statement = self._joined(select(*columns).select_from(Annotation.__table__), _DIRECT)
        statement = statement.where(self._here(), *self._counts(_DIRECT))
        return statement.where(_DIRECT.decision.c.id.is_(None)) if self.settles else statement

    def as_counted(self, annotation_id: str) -> Statement:
        """The id under which an annotation counts; no row where it does not count."""
        statement = self._joined(
            select(self._id(_DIRECT)).select_from(Annotation.__table__), _DIRECT
        )
        return statement.where(
            annotations.id == annotation_id, self._here(), *self._counts(_DIRECT)
        )

    def went_into(self, ids: Sequence[str]) -> Statement:
        """The ids of the annotations that went into one of these results."""
        return (
            select(_OWN.c.annotation_id)
            .join(_OWN_DECISION, _OWN_DECISION.c.id == _OWN.c.adjudication_id)
            .where(_OWN_DECISION.c.annotation_id.in_(ids), _OWN.c.annotation_id.is_not(None))
        )

    def _seen(self, of_project: bool) -> ColumnElement[bool]:
        """That the actor may see a link; whose project is named only where it is not known.

        By the project SQLite would begin, and read all its links for the few that are asked for.
        """
        project = links.project_id if of_project else self.actor.project.id
        return link_queries.seen(works_blind(self.actor), project, self.actor.id)

    def _here(self) -> ColumnElement[bool]:
        return annotations.project_id == self.actor.project.id

    def _id(self, end: _Decided) -> ColumnElement[Any]:
        return end.id if self.settles else end.table.c.id

    def _joined(self, statement: Statement, end: _Decided) -> Statement:
        """The statement with an annotation's article, and with what was decided on it."""
        statement = statement.join(end.article, end.article.c.id == end.table.c.article_id)
        if not self.settles:
            return statement
        return (
            statement.outerjoin(end.origin, end.origin.c.annotation_id == end.table.c.id)
            .outerjoin(
                end.decision,
                and_(
                    end.decision.c.id == end.origin.c.adjudication_id,
                    self._knows(is_done(self.actor.id, end.decision.c.article_id)),
                ),
            )
            .outerjoin(end.result, end.result.c.id == end.decision.c.annotation_id)
        )

    def _counts(self, end: _Decided) -> list[ColumnElement[bool]]:
        """The conditions on an annotation, or on the result that it went into."""
        found = seen_in_project(self.actor, end.table)
        states, present = AT_LEAST[self.state], end.article.c.revision
        if not self.settles:
            return [
                *found,
                end.table.c.layer == self.layer,
                end.table.c.state.in_(states),
                end.table.c.revision == present,
            ]
        return [
            *found,
            or_(end.decision.c.id.is_(None), end.result.c.id.is_not(None)),
            *end.holds("state", lambda column: column.in_(states)),
            *end.holds("revision", lambda column: column == present),
        ]

    def _undecided(self, statement: Statement) -> Statement:
        """The statement without links that were decided on, and those that lead to themselves."""
        return (
            statement.outerjoin(_OWN, _OWN.c.link_id == links.id)
            .outerjoin(
                _OWN_DECISION,
                and_(
                    _OWN_DECISION.c.id == _OWN.c.adjudication_id,
                    self._knows(link_queries.is_done_with_both(self.actor.id)),
                ),
            )
            .where(_OWN_DECISION.c.id.is_(None), self._id(_ONE) != self._id(_OTHER))
        )

    def _knows(self, done: ColumnElement[bool]) -> ColumnElement[bool]:
        """That the actor may know of a decision: who works blind, once `done` there."""
        return done if works_blind(self.actor) else true()


def seen_in_project(actor: Actor, table: FromClause) -> list[ColumnElement[bool]]:
    """The conditions that the actor may see annotations that are known to be of the project.

    The project is left out: asked for by it, an engine without statistics would read all of it.
    """
    if not works_blind(actor):
        return []
    return [or_(table.c.author_id == actor.id, is_done(actor.id, table.c.article_id))]
