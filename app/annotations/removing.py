"""Deleting annotations, with the links they have; history remembers both."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select

from app.annotations import queries
from app.annotations.beside import beside
from app.annotations.models import Annotation
from app.annotations.policy import RULES
from app.annotations.presenting import core, values_of
from app.annotations.service import record_annotation
from app.kernel.actor import Actor
from app.kernel.db import session
from app.kernel.permissions import require


def remove(actor: Actor, annotation: Annotation) -> None:
    """Delete an annotation with the links it has."""
    require(RULES, "delete", actor, annotation)
    _prepare_removal(actor, Annotation.id == annotation.id)
    values = values_of(annotation)
    record_annotation(actor, "deleted", values, before=core(values))
    session().delete(annotation)
    session().flush()  # the version is compared here, so that nobody's edit is deleted unseen


def remove_of_article(actor: Actor, article_id: str) -> None:
    """Delete all annotations of an article that is about to go, and that nobody can tag."""
    rows = queries.of_article(actor, article_id, 10**9)
    _remove_all(actor, rows, Annotation.article_id == article_id)


def remove_rows(actor: Actor, rows: Sequence[Row[Any]]) -> None:
    """Delete annotations with the links they have; whether the actor may was asked before."""
    _remove_all(actor, rows, Annotation.id.in_([row.id for row in rows]))


def _remove_all(actor: Actor, rows: Sequence[Row[Any]], condition: ColumnElement[bool]) -> None:
    _prepare_removal(actor, condition)
    for row in rows:
        record_annotation(actor, "deleted", row._mapping, before=core(row._mapping))
    session().execute(delete(Annotation).where(condition))


def _prepare_removal(actor: Actor, condition: ColumnElement[bool]) -> None:
    """Hold the annotations, so that whoever links them meanwhile waits and finds them gone, and
    take the steps that come first."""
    held = select(Annotation.id).where(condition).order_by(Annotation.id).with_for_update()
    session().execute(held)
    for step in beside.before_removal:
        step(actor, select(Annotation.id).where(condition))
