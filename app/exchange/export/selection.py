"""What of a project is exported: the conditions, which every format shares."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from app.annotations import queries
from app.annotations.filters import filtered
from app.annotations.models import Annotation, Said, Source, SourceName
from app.annotations.sources import queries as source_queries
from app.articles.models import Article
from app.kernel.actor import Actor
from app.links import queries as link_queries
from app.links.models import Link

annotations, articles, links = Annotation.__table__.c, Article.__table__.c, Link.__table__.c
sources, names, said = Source.__table__.c, SourceName.__table__.c, Said.__table__.c

Conditions = list[ColumnElement[bool]]
EVERY = "all"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the actor asks for, of what the actor may see.

    `filters` are those of the list of annotations. `layer` is `annotator`, `adjudicated` or
    `all`. `empty` says whether articles without a matching annotation go out too. `earlier`
    says whether what marks only an earlier text of its article goes out, as native lines can
    tell; elsewhere offsets count in the present text.
    """

    actor: Actor
    filters: dict[str, Any] = field(default_factory=dict)
    layer: str = EVERY
    empty: bool = True
    earlier: bool = False

    @classmethod
    def asked(cls, actor: Actor, query: dict[str, Any]) -> "Selection":
        """What the parameters of an export ask for: `layer`, `articles` and the filters."""
        filters = dict(query)
        layer, wanted = filters.pop("layer", EVERY), filters.pop("articles", None)
        narrow = layer != EVERY or set(filters) - {"article"}
        empty = wanted == EVERY if wanted else not narrow
        return cls(actor, filters, layer, empty)

    def annotations(self) -> Conditions:
        """The conditions on annotations, beside that they mark the article's present text."""
        statement = filtered(self.actor, select(annotations.id), self.filters)
        found = [self._seen()]
        if statement.whereclause is not None:
            found.append(statement.whereclause)
        return found + ([] if self.layer == EVERY else [annotations.layer == self.layer])

    def articles(self) -> Conditions:
        """The conditions on articles."""
        found: Conditions = [articles.project_id == self.actor.project.id]
        if "article" in self.filters:
            found.append(articles.id == self.filters["article"])
        if not self.empty:
            marked = exists().where(annotations.article_id == articles.id, self.stands())
            found.append(marked.where(*self.annotations()))
        return found

    def links(self) -> Conditions:
        """The conditions on a select of links that has both ends (`link_queries.FROM`, `TO`)."""
        found: Conditions = [link_queries.seen_by(self.actor)]
        if self.layer != EVERY:
            found.append(links.layer == self.layer)
        if self.filters or self.layer != EVERY or self._blinded():
            going = self.ids()
            found += [links.from_id.in_(going), links.to_id.in_(going)]
        return found

    def sources(self) -> Conditions:
        """The conditions on sources: under filters, only those that what goes out names."""
        found: Conditions = [source_queries.seen_by(self.actor)]
        if self.filters or self.layer != EVERY:
            named = (
                select(names.source_id)
                .join(Said.__table__, _names_it())
                .where(said.annotation_id.in_(self.ids()))
            )
            found.append(sources.id.in_(named))
        return found

    def ids(self) -> Select[tuple[str]]:
        """The ids of the annotations that go out."""
        return (
            select(annotations.id)
            .join(Article.__table__, and_(articles.id == annotations.article_id, self.stands()))
            .where(articles.project_id == self.actor.project.id, *self.annotations())
        )

    def stands(self) -> ColumnElement[bool]:
        """That an annotation marks a text that goes out with it."""
        return true() if self.earlier else annotations.revision == articles.revision

    def holds(self, table: Any, end: Any) -> ColumnElement[bool]:
        """That an article holds an end of a link, in a text that goes out."""
        same: ColumnElement[bool] = table.c.id == end.c.article_id
        return same if self.earlier else and_(same, table.c.revision == end.c.revision)

    def _seen(self) -> ColumnElement[bool]:
        """That the actor may see an annotation, in words that no index of PostgreSQL answers.

        Articles lead to annotations here. While its statistics are of yesterday, the planner
        takes a project for tiny, and would read all of it again for each article.
        """
        if self._blinded():
            return queries.seen_by(self.actor)
        return annotations.project_id.is_not_distinct_from(self.actor.project.id)

    def _blinded(self) -> bool:
        """Whether there may be work of others that the actor does not see."""
        return queries.works_blind(self.actor)


def known_as(table: Any) -> ColumnElement[Any]:
    """The id under which a thing goes out: the one it had where it was first made."""
    return func.coalesce(table.original_id, table.id)


def _names_it() -> ColumnElement[bool]:
    return and_(said.project_id == names.project_id, said.source_key == names.key)
