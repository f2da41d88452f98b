"""What changed between two positions of the feed, as conditions on what is exported."""

from dataclasses import dataclass

from sqlalchemy import Select, select

from app.exchange.export.selection import (
    Conditions,
    Selection,
    annotations,
    articles,
    links,
    sources,
)
from app.exchange.feed.positions import BEGINNING, Position
from app.exchange.feed.queries import after, changes, seen_by, up_to


@dataclass(frozen=True, slots=True)
class Changed(Selection):
    """What the actor may see of what changed after `start` and up to `end`."""

    earlier: bool = True
    start: Position = BEGINNING
    end: Position = BEGINNING

    @property
    def everything(self) -> Selection:
        """All that the actor may see, changed or not."""
        return Selection(self.actor, earlier=True)

    def ids_of(self, thing: str) -> Select[tuple[str]]:
        """The ids of changed things of a kind, with repetitions."""
        within = (after(self.start), up_to(self.end))
        return select(changes.thing_id).where(seen_by(self.actor), changes.thing == thing, *within)

    def annotations(self) -> Conditions:
        return [*self.everything.annotations(), annotations.id.in_(self.ids_of("annotation"))]

    def articles(self) -> Conditions:
        return [*self.everything.articles(), articles.id.in_(self.ids_of("article"))]

    def links(self) -> Conditions:
        return [*self.everything.links(), links.id.in_(self.ids_of("link"))]

    def sources(self) -> Conditions:
        return [*self.everything.sources(), sources.id.in_(self.ids_of("source"))]
