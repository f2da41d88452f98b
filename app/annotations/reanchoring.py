"""Letting the annotations of an article follow its new text, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row, Select, Table, bindparam, select, update

from app.annotations.beside import beside
from app.annotations.drafts import placed
from app.annotations.following import Followed, follow
from app.annotations.models import Annotation
from app.annotations.presenting import standing, target_of
from app.annotations.queries import annotations
from app.annotations.service import record_annotation
from app.articles.anchoring import Status
from app.articles.outcomes import Moved
from app.articles.revising import Following, NewText
from app.history.record import changed
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import run, session

Json = dict[str, Any]
Values = Mapping[Any, Any]
_PLACE = (
    *("start_offset", "end_offset", "exact", "prefix", "suffix", "fragments", "parts"),
    *("revision", "state", "anchoring", "anchoring_score"),
)
_NEEDED = [
    annotations[name] for name in ("id", "article_id", "author_id", "version", "layer", *_PLACE)
]
_UPDATE = (
    update(cast(Table, Annotation.__table__))
    .where(annotations.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in (*_PLACE, "version", "updated_at")})
)


@dataclass(frozen=True, slots=True)
class _Step:
    """One annotation before and after, by its columns."""

    before: Values
    after: Json
    found: Followed

    @property
    def told(self) -> Moved:
        return Moved(
            self.before["id"],
            self.after["version"],
            self.found.status,
            self.found.score,
            self.before["layer"],
        )


class Annotations:
    """The annotations as followers of texts (`articles.revising.Follower`)."""

    def foresee(self, change: NewText) -> None:
        """Look for all that is tagged now, so that little is left to do while everybody waits."""
        _found(change, session().execute(_of_article(change.article_id)).all())

    def follow(self, actor: Actor, change: NewText) -> Following:
        """What becomes of every annotation of the article, whoever made it.

        An orphaned one comes back only where its place is sure: its words were restored.
        """
        # In the order of ids, in which reviews of many hold them as well.
        held = _of_article(change.article_id).with_for_update(key_share=True)
        found = _found(change, session().execute(held).all())
        steps = [_step(change, row._mapping, followed) for row, followed in found]
        return Following([step.told for step in steps], lambda: _write(actor, steps))


def _of_article(article_id: str) -> Select[*tuple[Any, ...]]:
    statement = select(*_NEEDED).where(annotations.article_id == article_id)
    return statement.order_by(annotations.id)


def _found(change: NewText, rows: Sequence[Row[Any]]) -> list[tuple[Row[Any], Followed]]:
    change.meet(sorted({row.revision for row in rows}))
    found = [
        (row, follow(change.anchors(row.revision), target_of(row._mapping), row.parts))
        for row in rows
    ]
    return [
        (row, one)
        for row, one in found
        if row.anchoring != "orphaned" or one.status in (Status.KEPT, Status.MOVED)
    ]


def _step(change: NewText, row: Values, found: Followed) -> _Step:
    if row["anchoring"] == "uncertain" and found.target is not None:
        # Nobody has looked yet: it does not become surer by being carried on.
        score = min(found.score, row["anchoring_score"])
        found = Followed(Status.UNCERTAIN, score, found.target, found.parts)
    after: Json = {**row, "version": row["version"] + 1}
    if found.target is None:
        return _Step(row, {**after, "anchoring": "orphaned", "anchoring_score": None}, found)
    after |= placed(change.text, found.target)
    after |= {"parts": found.parts, "revision": change.number}
    unsure = found.status is Status.UNCERTAIN
    after["anchoring"] = "uncertain" if unsure else "sure"
    after["anchoring_score"] = found.score if unsure else None
    if unsure and row["state"] == "approved":
        after["state"] = "submitted"
    return _Step(row, after, found)


def _write(actor: Actor, steps: Sequence[_Step]) -> None:
    if not steps:
        return
    moment = now()
    names = (*_PLACE, "version")
    run(
        _UPDATE,
        [
            {
                "its_id": step.before["id"],
                "updated_at": moment,
                **{name: step.after[name] for name in names},
            }
            for step in steps
        ],
    )
    for step in steps:
        was, is_now = changed(standing(step.before), standing(step.after))
        action = "orphaned" if step.found.target is None else "reanchored"
        record_annotation(actor, action, step.after, before=was, after=is_now)
    sure = {
        step.before["id"]: (step.before["version"], step.after["version"])
        for step in steps
        if step.after["anchoring"] == "sure"
    }
    for carry in beside.after_moving:
        carry(steps[0].before["article_id"], sure)
