"""One import from its first batch to its last: what comes in, in which order, and what it did."""

from collections.abc import Callable, Iterable, Sequence

from app.annotations.drafts import Rules
from app.exchange.imports.annotations import annotation
from app.exchange.imports.articles import add_source, article, source
from app.exchange.imports.entries import Entry
from app.exchange.imports.frame import Frame
from app.exchange.imports.known import Known
from app.exchange.imports.links import links
from app.exchange.imports.people import People
from app.exchange.imports.project import take_over
from app.exchange.imports.reading import batched
from app.exchange.imports.reporting import Place, Rejected, Report, fault
from app.exchange.imports.stores import Store
from app.exchange.imports.tables import Json, Rows
from app.exchange.native.lines import (
    AnnotationLine,
    ArticleLine,
    Author,
    Kept,
    Line,
    LinkLine,
    ProjectLine,
    SourceLine,
)
from app.kernel.actor import Actor
from app.kernel.errors import Refused
from app.kernel.ids import new_ids
from app.kernel.offsets import Unit

Advance = Callable[[int], object]


def run(
    actor: Actor,
    store: Store,
    entries: Iterable[Entry],
    *,
    keeps: bool,
    unit: Unit = Unit.CODEPOINT,
    longest: int,
    advance: Advance = lambda _count: None,
) -> Report:
    """Bring everything in that is right, and report what is not.

    `keeps` says that things stay as they were: author, state, version, times. `advance` is
    told how many things each batch had. Whoever calls decides what a failure means for the
    transaction.
    """
    running = _Import(actor, store, keeps=keeps, unit=unit, longest=longest)
    for batch in batched(entries):
        running.take(batch)
        advance(len(batch))
    return running.report


class _Import:
    def __init__(
        self, actor: Actor, store: Store, *, keeps: bool, unit: Unit, longest: int
    ) -> None:
        self._store = store
        self._known = Known(store)
        self._people = People(actor, store, keeps=keeps)
        self._frame = Frame(
            actor, self._known, self._people, keeps=keeps, unit=unit, longest=longest
        )
        self._rules = Rules.of(actor.project.settings)
        self.report = self._frame.report

    def take(self, batch: Sequence[Entry]) -> None:
        """Check a batch and put what is right of it into the store."""
        frame = self._frame
        frame.rows, frame.speakers = Rows(), {}
        things = [entry.thing for entry in batch if not isinstance(entry.thing, list)]
        self._known.look(things)
        self._people.meet(_authors(things), frame.rows)
        ids = iter(new_ids(len(batch)))
        linked: list[tuple[Place, LinkLine]] = []
        for entry in batch:
            if isinstance(entry.thing, list):
                self.report.refuse(entry.place, entry.thing)
            elif isinstance(entry.thing, LinkLine):
                linked.append((entry.place, entry.thing))
            else:
                self._take(entry.place, entry.thing, next(ids))
        links(frame, linked)
        self._add_speakers()
        self._store.put(frame.rows)

    def _take(self, place: Place, thing: Line, id_: str) -> None:
        report = self.report
        try:
            match thing:
                case AnnotationLine():
                    noun, new = "annotations", annotation(self._frame, thing, self._rules, id_)
                case ArticleLine():
                    noun, new = "articles", article(self._frame, thing)
                case SourceLine():
                    noun, new = "sources", source(self._frame, thing)
                case _:
                    self._take_over(thing)
                    return
        except Rejected as error:
            report.refuse(place, error.faults)
        except Refused as error:
            report.refuse(place, error.errors or [fault("", error.word, error.detail)])
        else:
            report.created[noun] += new
            report.unchanged += not new

    def _take_over(self, line: Line) -> None:
        assert isinstance(line, ProjectLine)  # noqa: S101 - the only one left
        settings = take_over(self._frame, line, self._store)
        if settings is not None:
            self._rules = Rules.of(settings)

    def _add_speakers(self) -> None:
        """Make the sources that attributions of the batch name and nobody named before."""
        frame = self._frame
        self._known.look_for_names(frame.speakers)
        for key, named in frame.speakers.items():
            if key not in self._known.names:
                kept: Json = {
                    "project_id": frame.project_id,
                    "original_id": None,
                    "version": 1,
                    "created_at": frame.begun,
                    "updated_at": frame.begun,
                    "name": named["name"],
                    "type": named.get("type"),
                }
                add_source(frame, kept, {key: named["name"]})
                self.report.created["sources"] += 1


def _authors(things: Iterable[Line]) -> Iterable[Author]:
    for thing in things:
        if isinstance(thing, Kept) and thing.author is not None:
            yield thing.author
        if isinstance(thing, AnnotationLine) and thing.verdict and thing.verdict.by:
            yield thing.verdict.by
