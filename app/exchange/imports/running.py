"""One import from its first batch to its last: what comes in, in which order, and what it did.

While the database takes one batch, the next is read and checked: on PostgreSQL, which works
in a process of its own, side by side; on SQLite, which works in ours, one after the other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from app.annotations.drafts import Rules
from app.exchange.imports.annotations import annotation
from app.exchange.imports.articles import add_source, article, revision, source
from app.exchange.imports.entries import Entry
from app.exchange.imports.frame import Frame
from app.exchange.imports.known import Known
from app.exchange.imports.links import link
from app.exchange.imports.people import People
from app.exchange.imports.project import take_over
from app.exchange.imports.reading import batched
from app.exchange.imports.reporting import FromWords, Place, Rejected, Report, fault
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
    RevisionLine,
    SourceLine,
)
from app.kernel.actor import Actor
from app.kernel.errors import Refused
from app.kernel.ids import new_ids
from app.kernel.offsets import Unit
from app.kernel.turns import short_turns

Advance = Callable[[int], object]
Batch = Sequence[Entry]
T = TypeVar("T")
Submit = Callable[[Callable[[], T]], Callable[[], T]]


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
    batches = batched(entries, store.at_once)
    with _beside(store) as submit:
        batch: Batch | None = next(batches, None)
        waiting: Rows | None = None
        while batch:
            now, later = running.begin(batch)
            step = submit(partial(_step, running, now, later, batches))
            if waiting is not None:
                store.put(waiting)
            waiting, batch = step()
            running.complete()
            advance(len(now))
        if waiting is not None:
            store.put(waiting)
    return running.report


def _step(
    running: "_Import", now: Batch, later: Batch, batches: Iterator[Batch]
) -> tuple[Rows, Batch | None]:
    """Check a batch and read the next: all that needs no database."""
    return running.take(now), later or next(batches, None)


@contextmanager
def _beside(store: Store) -> Iterator[Submit[tuple[Rows, Batch | None]]]:
    """Something that begins a job and gives back how to wait for what it made."""
    if not store.works_apart:
        yield lambda job: job
        return
    with ThreadPoolExecutor(1, "import") as pool, short_turns():

        def submit(job: Callable[[], T]) -> Callable[[], T]:
            future: Future[T] = pool.submit(job)
            return future.result

        yield submit


class _Import:
    def __init__(
        self, actor: Actor, store: Store, *, keeps: bool, unit: Unit, longest: int
    ) -> None:
        self._store = store
        self._known = Known(store, actor.id)
        self._people = People(actor, store, keeps=keeps)
        self._frame = Frame(
            actor, self._known, self._people, keeps=keeps, unit=unit, longest=longest
        )
        self._rules = Rules.of(actor.project.settings)
        self.report = self._frame.report

    def begin(self, batch: Batch) -> tuple[Batch, Batch]:
        """Ask the database all that a batch needs; what of it can come in now, and the rest."""
        frame = self._frame
        frame.rows, frame.speakers = Rows(), {}
        now = self._known.look(batch)
        things = [entry.thing for entry in batch[:now] if not isinstance(entry.thing, list)]
        self._people.meet(_authors(things), frame.rows)
        for entry in batch[:now]:
            if isinstance(entry.thing, ProjectLine):
                self._guarded(entry.place, entry.thing, self._take_over)
        return batch[:now], batch[now:]

    def take(self, batch: Batch) -> Rows:
        """Check a batch; the rows of what is right of it. Asks the database nothing."""
        ids = iter(new_ids(len(batch)))
        linked: list[tuple[Place, LinkLine]] = []
        for entry in batch:
            thing, id_ = entry.thing, next(ids)
            if isinstance(thing, list):
                self.report.refuse(entry.place, thing)
            elif isinstance(thing, LinkLine):
                linked.append((entry.place, thing))
            elif isinstance(thing, AnnotationLine):
                self._guarded(entry.place, thing, self._tag, id_, entry.from_words)
            else:
                self._guarded(entry.place, thing, self._bring)
        # A link may stand before an annotation of its batch; files are not so strict.
        for place, line in linked:
            self._guarded(place, line, self._link)
        return self._frame.rows

    def complete(self) -> None:
        """Make the sources that attributions of the batch name and nobody named before."""
        frame = self._frame
        unknown, _ = self._known.unknown(frame.speakers)
        for key, named in frame.speakers.items():
            if key in unknown:
                add_source(frame, _speaker(frame, named), {key: named["name"]}, for_all=False)
                self.report.created["sources"] += 1

    def _guarded(self, place: Place, thing: Line, verb: Callable[..., object], *more: Any) -> None:
        try:
            verb(thing, *more)
        except Rejected as error:
            self.report.refuse(place, error.faults)
        except Refused as error:
            self.report.refuse(place, error.errors or [fault("", error.word, error.detail)])

    def _tag(self, line: AnnotationLine, id_: str, from_words: FromWords | None) -> None:
        new = annotation(self._frame, line, self._rules, id_)
        self._count("annotations", new)
        if new and from_words:
            self.report.from_words[from_words] += 1

    def _bring(self, line: Line) -> None:
        if isinstance(line, ArticleLine):
            self._count("articles", article(self._frame, line))
        elif isinstance(line, RevisionLine):
            revision(self._frame, line)
        elif isinstance(line, SourceLine):
            self._count("sources", source(self._frame, line))

    def _link(self, line: LinkLine) -> None:
        self._count("links", link(self._frame, line))

    def _count(self, noun: str, new: bool) -> None:
        self.report.created[noun] += new
        self.report.unchanged += not new

    def _take_over(self, line: ProjectLine) -> None:
        if not self.report.created:
            settings = take_over(self._frame, line, self._store)
            if settings is not None:
                self._rules = Rules.of(settings)


def _speaker(frame: Frame, named: Json) -> Json:
    return {
        "project_id": frame.project_id,
        "original_id": None,
        "version": 1,
        "created_at": frame.begun,
        "updated_at": frame.begun,
        "name": named["name"],
        "type": named.get("type"),
    }


def _authors(things: Iterable[Line]) -> Iterable[Author]:
    for thing in things:
        if isinstance(thing, Kept) and thing.author is not None:
            yield thing.author
        if isinstance(thing, AnnotationLine) and thing.verdict and thing.verdict.by:
            yield thing.verdict.by
        if isinstance(thing, ArticleLine) and thing.revised and thing.revised.by:
            yield thing.revised.by
