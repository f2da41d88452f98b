"""Selects about a container. Each starts from what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, RowMapping, Select, func, or_, select

from app.accounts.models import User
from app.annotations.models import Annotation
from app.annotations.queries import annotations
from app.annotations.queries import seen_by as sees_annotation
from app.articles.models import Article
from app.exchange.export.rows_of import moment
from app.exchange.feed.queries import changes
from app.exchange.feed.queries import seen_by as may_know
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.errors import Gone, NotFound
from app.kernel.ids import is_id
from app.links.models import Link
from app.links.queries import FROM, TO, links, those_seen
from app.projects.models import Project
from app.reviews.verdicts.models import Verdict
from app.webannotation.models import WebName
from app.webannotation.pages import SIZE, Place, Sort

Statement = Select[*tuple[Any, ...]]
Thing = Literal["annotation", "link"]
articles, users = Article.__table__.c, User.__table__.c
verdicts, names = Verdict.__table__.c, WebName.__table__.c
_THINGS = ("annotation", "link")
_TIMES = ("created_at", "updated_at")


@dataclass(frozen=True, slots=True)
class Overview:
    """A container at a glance: its label, when something in it changed last, how many it has.

    Of the page asked for: how many things of its sort come `before` it, and where the page
    before begins (`earlier`; None where that is the first of its sort).
    """

    label: str
    modified: datetime
    annotations: int
    links: int
    before: int = 0
    earlier: str | None = None

    @property
    def total(self) -> int:
        """Annotations and links together."""
        return self.annotations + self.links


def overview(actor: Actor, place: Place | None = None) -> Overview:
    """The container, and what surrounds the page that begins at the place."""
    latest = (
        select(changes.at)
        .where(may_know(actor), changes.thing.in_(_THINGS))
        .order_by(changes.tx.desc(), changes.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    columns = [
        Project.name,
        func.coalesce(latest, Project.created_at).label("modified"),
        _count(actor, "annotations").label("annotations"),
        _count(actor, "links").label("links"),
    ]
    if place and place.after:
        columns += _surroundings(actor, place, place.after)
    statement = select(*columns).where(Project.id == actor.project.id)
    return Overview(*session().execute(statement).one())


def _surroundings(actor: Actor, place: Place, after: str) -> list[Any]:
    ident = _ident(place.of)
    earlier = (
        _ids(actor, place.of).where(ident <= after).order_by(ident.desc()).limit(1).offset(SIZE)
    )
    return [
        _count(actor, place.of, ident <= after).label("before"),
        earlier.scalar_subquery().label("earlier"),
    ]


def last_page(actor: Actor, of: Sort, count: int) -> Place:
    """The page that one comes to last, going from the first of its sort."""
    if count <= SIZE:
        return Place(of)
    ident, rest = _ident(of), (count - 1) % SIZE + 1
    statement = _ids(actor, of).order_by(ident.desc()).limit(1).offset(rest)
    return Place(of, session().scalar(statement))


def ids_of_page(actor: Actor, place: Place) -> list[str]:
    """The ids on a page, and one more if there is a page after it."""
    return list(session().scalars(_from(_ids(actor, place.of), place)))


def rows_of_page(actor: Actor, place: Place) -> list[RowMapping]:
    """The rows of a page, and one more if there is a page after it."""
    statement = _whole_annotations(actor) if place.of == "annotations" else _whole_links(actor)
    return list(session().execute(_from(statement, place)).mappings())


def find(actor: Actor, thing: Thing, ident: str) -> RowMapping | None:
    """One annotation or link, by the id it has here or the one it was first made with."""
    statement = _whole_annotations(actor) if thing == "annotation" else _whole_links(actor)
    table = annotations if thing == "annotation" else links
    statement = statement.where(_goes_by(table, [ident])).order_by(table.original_id == ident)
    return session().execute(statement).mappings().first()


@dataclass(frozen=True, slots=True)
class Found:
    """What an id means: an annotation in an article, or a link; and the id that it has here."""

    thing: Thing
    id: str
    article_id: str | None


def locate(actor: Actor, ident: str) -> Found:
    """What an id means, whether it is the one here or the one from where it was first made."""
    tagged = select(annotations.id, annotations.article_id).where(
        sees_annotation(actor), _goes_by(annotations, [ident])
    )
    joined = those_seen(actor, select(links.id).select_from(Link.__table__))
    by_id = (annotations.original_id == ident, links.original_id == ident)
    if row := session().execute(tagged.order_by(by_id[0])).first():
        return Found("annotation", row.id, row.article_id)
    if row := session().execute(joined.where(_goes_by(links, [ident])).order_by(by_id[1])).first():
        return Found("link", row.id, None)
    raise missing(actor, ident)


def missing(actor: Actor, ident: str) -> Gone | NotFound:
    """Why it is not there: deleted, which only who could see it is told; or never known."""
    was = select(changes.seq).where(
        may_know(actor),
        changes.thing_id == ident,
        changes.thing.in_(_THINGS),
        changes.action == "deleted",
    )
    if session().scalar(was.limit(1)) is not None:
        return Gone("It was deleted.")
    return NotFound("There is no such annotation.")


def ids_here(actor: Actor, idents: Sequence[str]) -> dict[str, str]:
    """The ids that annotations have here, of ids that they have here or were made with."""
    known = [ident for ident in idents if is_id(ident)]
    statement = select(annotations.id, annotations.original_id).where(
        annotations.project_id == actor.project.id, _goes_by(annotations, known)
    )
    found = list(session().execute(statement))
    return {row.original_id: row.id for row in found} | {row.id: row.id for row in found}


def articles_called(actor: Actor, name: str, ident: str) -> list[Row[Any]]:
    """The articles with this id, external id or url; `ident` is the id that the name may hold."""
    called: list[ColumnElement[bool]] = [articles.external_id == name, articles.url == name]
    if is_id(ident):
        called += [articles.id == ident, articles.original_id == ident]
    statement = select(articles.id, articles.revision).where(
        articles.project_id == actor.project.id, or_(*called)
    )
    return list(session().execute(statement.order_by(articles.id).limit(10)))


def names_of(thing: Thing, ident: str) -> WebName | None:
    """The names that a thing goes by elsewhere."""
    column = WebName.annotation_id if thing == "annotation" else WebName.link_id
    return session().scalar(select(WebName).where(column == ident))


def _goes_by(table: Any, idents: Sequence[str]) -> ColumnElement[bool]:
    return or_(table.id.in_(idents), table.original_id.in_(idents))


def _ident(of: Sort) -> ColumnElement[str]:
    return annotations.id if of == "annotations" else links.id


def _ids(actor: Actor, of: Sort) -> Statement:
    if of == "annotations":
        return select(annotations.id).where(sees_annotation(actor))
    return those_seen(actor, select(links.id).select_from(Link.__table__))


def _count(actor: Actor, of: Sort, *conditions: ColumnElement[bool]) -> Any:
    inside = _ids(actor, of).where(*conditions).subquery()
    return select(func.count()).select_from(inside).scalar_subquery()


def _from(statement: Statement, place: Place) -> Statement:
    ident = _ident(place.of)
    if place.after:
        statement = statement.where(ident > place.after)
    return statement.order_by(ident).limit(SIZE + 1)


def _whole_annotations(actor: Actor) -> Statement:
    return (
        select(
            *_columns(annotations),
            users.name.label("author_name"),
            *(verdicts.label, verdicts.justification, names.canonical, names.via),
        )
        .select_from(Annotation.__table__)
        .join(User.__table__, users.id == annotations.author_id)
        .outerjoin(Verdict.__table__, verdicts.annotation_id == annotations.id)
        .outerjoin(WebName.__table__, names.annotation_id == annotations.id)
        .where(sees_annotation(actor))
    )


def _whole_links(actor: Actor) -> Statement:
    statement = select(
        *_columns(links),
        *(links.id.label("key"), links.from_id.label("from_key"), links.to_id.label("to_key")),
        *(FROM.c.article_id.label("from_article"), TO.c.article_id.label("to_article")),
        *(users.name.label("author_name"), names.canonical, names.via),
    ).select_from(Link.__table__)
    statement = statement.join(User.__table__, users.id == links.author_id)
    statement = statement.outerjoin(WebName.__table__, names.link_id == links.id)
    return those_seen(actor, statement, ends=True)


def _columns(table: Any) -> list[Any]:
    dialect = session().get_bind().dialect
    return [moment(column, dialect) if column.key in _TIMES else column for column in table]
