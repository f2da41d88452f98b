"""Giving an article a new text, and letting all that is tagged in it follow.

It goes in two steps. What stands where in the new text is worked out beforehand (`foresee`),
while nobody waits. Then, with the article held, it is looked up, worked out for what came
meanwhile, and written (`revise`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import insert

from app.articles import texts
from app.articles.alignment import Effort
from app.articles.anchoring import Anchors
from app.articles.models import Article, Revision
from app.articles.outcomes import Moved, Outcome
from app.articles.policy import RULES
from app.articles.presenting import editable
from app.articles.service import check_length, record_article, revision_row
from app.history.record import changed
from app.kernel.actor import Actor
from app.kernel.clock import now
from app.kernel.db import after_commit, session
from app.kernel.permissions import require
from app.kernel.targets import Target

Json = dict[str, Any]


@dataclass(slots=True)
class NewText:
    """A text that an article shall have, beside those that it had.

    `before` is the number of the present text, `number` the new one's.
    """

    article_id: str
    before: int
    text: str
    _effort: Effort = field(default_factory=Effort)
    _anchors: dict[int, Anchors] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.before + 1

    def changes(self) -> bool:
        """Whether it is another text than the present one."""
        return texts.text_of(self.article_id, self.before).text != self.text

    def meet(self, numbers: Sequence[int]) -> None:
        """Read these earlier texts, all in one statement, before they are asked for."""
        missing = [number for number in numbers if number not in self._anchors]
        for found in texts.several(self.article_id, missing):
            self._anchors[found.number] = Anchors(found.text, self.text, self._effort)

    def anchors(self, number: int) -> Anchors:
        """Where spans of an earlier text are in the new one."""
        self.meet([number])
        return self._anchors[number]


@dataclass(frozen=True, slots=True)
class Following:
    """What becomes of things in a new text, and how to write it down."""

    moved: list[Moved]
    write: Callable[[], None]


class Follower(Protocol):
    """A room above with things that mark an article's text."""

    def foresee(self, change: NewText) -> None:
        """Work out beforehand what can be; others may write meanwhile."""
        ...

    def follow(self, actor: Actor, change: NewText) -> Following:
        """What becomes of everything. Nobody adds to it or changes it until the commit."""
        ...


followers: list[Follower] = []
"""Whoever has things that mark texts; the factory fills it in."""


def foresee(actor: Actor, article_id: str, revision: int, text: str, *, longest: int) -> NewText:
    """Prepare a new text of at most `longest` code points; this writes nothing."""
    require(RULES, "revise", actor)
    check_length(text, longest)
    change = NewText(article_id, revision, text)
    if change.changes():
        for follower in followers:
            follower.foresee(change)
    return change


def revise(actor: Actor, article: Article, change: NewText) -> Outcome:
    """Give the article, which is held for this, the new text. The same text changes nothing.

    An adjudicated article is open again where an adjudicated annotation needs a person's eye.
    """
    require(RULES, "revise", actor)
    if article.revision != change.before:
        change = NewText(article.id, article.revision, change.text)
    if not change.changes():
        return Outcome(changed=False)
    following = [follower.follow(actor, change) for follower in followers]
    moved = [one for each in following for one in each.moved]
    before = _document(article)
    article.regions, lost = _regions(article.regions, change.anchors(change.before))
    article.revision, article.updated_at = change.number, now()
    if any(one.layer == "adjudicated" and one.unsettled for one in moved):
        article.state = "open"
    session().flush()  # the present text is the one that the search index takes
    row = revision_row(article.id, change.number, change.text, actor.id)
    session().execute(insert(Revision), [row])
    for each in following:
        each.write()
    was, is_now = changed(before, _document(article))
    record_article(actor, "revised", article, before=was, after=is_now)
    after_commit(lambda: texts.keep(article.id, change.number, change.text))
    return Outcome(True, moved, lost)


def _document(article: Article) -> Json:
    return {**editable(article), "revision": article.revision, "state": article.state}


def _regions(regions: Sequence[Json], anchors: Anchors) -> tuple[list[Json], list[Json]]:
    """The regions in the new text, in text order, and those that have no place there."""
    placed: list[Json] = []
    lost: list[Json] = []
    for region in regions:
        found = anchors.find(Target.single(region["start"], region["end"])).target
        if found is None:
            lost.append(region)
        else:
            placed.append({**region, "start": found.start, "end": found.end})
    placed.sort(key=lambda region: (region["start"], -region["end"], region["kind"]))
    return placed, lost
