"""Reading what evidence is made of: one statement a function, where it does not say otherwise.

Callers read within `one_moment()`, so that all of an answer is of one moment.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, Row, and_, select, union

from app.annotations import queries as annotation_queries
from app.annotations.filters import filtered
from app.annotations.models import Annotation, SourceName
from app.annotations.sources.queries import sources
from app.articles.models import Article
from app.evidence.counting import AT_LEAST, Counting, Statement, seen_in_project
from app.evidence.stances import Judged
from app.kernel.actor import Actor
from app.links import queries as link_queries
from app.links.queries import FROM, TO, links

annotations, articles = annotation_queries.annotations, Article.__table__.c
names = SourceName.__table__.c
Rows = list[Row[Any]]
ROWS = 5000
"""How many rows are fetched at a time; so many are in memory at once."""
SHOWN = (
    annotations.id,
    annotations.kind,
    annotations.exact,
    annotations.state,
    annotations.layer,
    annotations.article_id,
    articles.title,
    articles.publisher,
    articles.credited_source,
    articles.published_on,
)
"""What an answer shows of an annotation and its article."""


def streamed(connection: Connection, statement: Statement) -> Iterator[Row[Any]]:
    """The rows, few of them in memory at a time."""
    found = connection.execute(statement.execution_options(yield_per=ROWS))
    with closing(found):
        yield from found


def every_edge(connection: Connection, counting: Counting) -> Iterator[Row[Any]]:
    """All links that count: id, both ends, relation, independence."""
    return streamed(connection, counting.edges())


def figure_ties(connection: Connection, counting: Counting) -> Iterator[Row[Any]]:
    """The links that count between two figures: id, relation, both ends."""
    edges = counting.edges()
    ends = edges.selected_columns
    figures = edges.with_only_columns(ends.id, ends.relation, ends.one, ends.other)
    both = and_(FROM.c.kind == "figure", TO.c.kind == "figure")
    return streamed(connection, figures.where(both))


def edges_at(
    connection: Connection, counting: Counting, ids: Collection[str], most: int
) -> list[Judged]:
    """At most so many of the links that count of these annotations, in the order of ids.

    Two statements where annotations count as results: what went into these is looked up first,
    for with ids in hand both engines go by the indexes of both ends and by nothing else.
    """
    marked = list(ids)
    if counting.settles:
        marked += connection.scalars(counting.went_into(marked))
    at = (select(links.id).where(end.in_(marked)) for end in (links.from_id, links.to_id))
    statement = counting.edges(union(*at).subquery("at")).limit(most)
    return [judged(row) for row in connection.execute(statement)]


def judged(row: Row[Any]) -> Judged:
    """A row of `Counting.edges` as it is walked over."""
    return Judged(row.id, row.one, row.other, row.relation == "corroborates", row.independence)


def counted_as(connection: Connection, counting: Counting, annotation_id: str) -> str | None:
    """The id under which an annotation counts, if it counts."""
    return connection.scalar(counting.as_counted(annotation_id))


def shown(connection: Connection, ids: Collection[str]) -> dict[str, Row[Any]]:
    """These annotations with their articles, by id; who may see them was asked before."""
    statement: Statement = (
        select(*SHOWN)
        .select_from(Annotation.__table__)
        .join(Article.__table__, articles.id == annotations.article_id)
        .where(annotations.id.in_(list(ids)))
    )
    return {row.id: row for row in connection.execute(statement)}


def figures(connection: Connection, counting: Counting) -> Iterator[Row[Any]]:
    """All figures that count."""
    columns = (
        annotations.id,
        annotations.article_id,
        annotations.start_offset,
        annotations.end_offset,
        annotations.attributes,
    )
    return streamed(connection, counting.annotations(*columns).where(annotations.kind == "figure"))


def touching(actor: Actor, filters: dict[str, Any]) -> Statement:
    """The ids of the annotations that pass the filters of the list of annotations."""
    seen = select(annotations.id).where(annotation_queries.seen_by(actor))
    return filtered(actor, seen, filters)


def reports(connection: Connection, actor: Actor, ids: Collection[str]) -> Rows:
    """Attributions that may report these annotations, or are them: with `about`, and parts.

    Whoever tagged it: if somebody marked the words as a source's, they are that source's words.
    """
    about = Annotation.__table__.alias("about")
    statement = (
        select(
            about.c.id.label("about"),
            about.c.start_offset,
            about.c.end_offset,
            about.c.fragments,
            annotations.id,
            annotations.parts,
            annotations.attributes,
        )
        .select_from(about)
        .join(
            Annotation.__table__,
            and_(
                annotations.article_id == about.c.article_id,
                annotations.revision == about.c.revision,
                annotations.kind == "attribution",
                annotations.start_offset < about.c.end_offset,
                annotations.end_offset > about.c.start_offset,
            ),
        )
        .where(
            about.c.id.in_(list(ids)),
            annotations.state.in_(AT_LEAST["draft"]),
            *seen_in_project(actor, Annotation.__table__),
        )
        .order_by(about.c.id, annotations.id)
    )
    return list(connection.execute(statement))


def identities(connection: Connection, actor: Actor, keys: Collection[str]) -> Rows:
    """The sources of the project behind these folded names: `key`, `id`, `name`, `type`."""
    statement = (
        select(names.key, sources.id, sources.name, sources.type)
        .join_from(SourceName.__table__, sources.id.table, sources.id == names.source_id)
        .where(names.project_id == actor.project.id, names.key.in_(sorted(keys)))
    )
    return list(connection.execute(statement))


def link_rows(connection: Connection, actor: Actor, ids: Sequence[str]) -> dict[str, Row[Any]]:
    """These links as the links room shows them, by id."""
    statement = link_queries.visible_to(actor).where(links.id.in_(ids))
    return {row.id: row for row in connection.execute(statement)}
