"""What can be commented on: annotations, links and articles."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from app.articles import queries as article_queries
from app.kernel.actor import Actor
from app.projects.doors import Door
from app.reviews.comments.models import Comment
from app.reviews.decisions.queries import check_visible
from app.reviews.decisions.things import ANNOTATION as REVIEWED_ANNOTATION
from app.reviews.decisions.things import LINK as REVIEWED_LINK

comments = Comment.__table__.c


@dataclass(frozen=True, eq=False)
class Subject:
    """One kind of thing under discussion: `column` is where comments name it."""

    noun: str
    door: Door
    column: ColumnElement[Any]
    check_visible: Callable[[Actor, str], None]


def _every_member(_actor: Actor, _thing_id: str) -> None:
    """Whoever entered by an article's door may see the article."""


ARTICLE = Subject("article", article_queries.DOOR, comments.article_id, _every_member)
ANNOTATION = Subject(
    "annotation",
    REVIEWED_ANNOTATION.door,
    comments.annotation_id,
    lambda actor, thing_id: check_visible(actor, REVIEWED_ANNOTATION, thing_id),
)
LINK = Subject(
    "link",
    REVIEWED_LINK.door,
    comments.link_id,
    lambda actor, thing_id: check_visible(actor, REVIEWED_LINK, thing_id),
)
