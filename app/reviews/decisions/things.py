"""What can be reviewed: annotations and links, alike but for where they are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select

from app.annotations import queries as annotation_queries
from app.annotations.filters import filtered
from app.annotations.models import Annotation
from app.annotations.presenting import present_one
from app.kernel.actor import Actor
from app.kernel.offsets import Unit
from app.links import queries as link_queries
from app.links.models import Link
from app.links.presenting import present as present_link
from app.projects.doors import Door
from app.reviews.decisions.models import Decision

Json = dict[str, Any]
Statement = Select[*tuple[Any, ...]]
decisions = Decision.__table__.c


@dataclass(frozen=True, eq=False)
class Reviewable:
    """One sort of thing that goes through review: annotations, or links.

    `column` is where decisions name it, `visible` selects those that an actor may see,
    `filtered` narrows that by the filters of its list, and `document` answers with one as its
    GET does, with its version.
    """

    noun: str
    door: Door
    model: type[Annotation] | type[Link]
    column: ColumnElement[Any]
    visible: Callable[[Actor], Statement]
    filtered: Callable[[Actor, Statement, Json], Statement]
    document: Callable[[Actor, str, Unit], tuple[Json, int]]

    @property
    def columns(self) -> Any:
        """The columns of its table."""
        return self.model.__table__.c


def _annotation(actor: Actor, annotation_id: str, unit: Unit) -> tuple[Json, int]:
    row = annotation_queries.get(actor, annotation_id)
    return present_one(actor, row._mapping, unit), row.version


def _link(actor: Actor, link_id: str, _unit: Unit) -> tuple[Json, int]:
    row = link_queries.get(actor, link_id)
    return present_link(row._mapping), row.version


ANNOTATION = Reviewable(
    "annotation",
    annotation_queries.DOOR,
    Annotation,
    decisions.annotation_id,
    annotation_queries.visible_to,
    filtered,
    _annotation,
)
LINK = Reviewable(
    "link",
    link_queries.DOOR,
    Link,
    decisions.link_id,
    link_queries.visible_to,
    lambda _, statement, filters: link_queries.filtered(statement, filters),
    _link,
)
REVIEWABLE = {"annotations": ANNOTATION, "links": LINK}
