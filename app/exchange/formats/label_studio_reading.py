"""Label Studio's tasks back to rows: what its controls show wins over what the meta remembers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Any, BinaryIO, cast

from app.annotations.kinds import KINDS
from app.exchange.formats import across
from app.exchange.formats.base import Options, Read, Unreadable
from app.exchange.formats.checks import Page, json_safe, optional, storable, unit_of
from app.exchange.formats.jsonstream import items
from app.exchange.formats.label_studio_config import FRAGMENT, PART_TAG, SHOWN
from app.exchange.formats.labels import ROLES, Labels
from app.exchange.formats.native import annotation_fields, article_fields, link_of, person_of
from app.exchange.formats.peeking import Peeked
from app.exchange.formats.unzipping import archive, is_zip
from app.exchange.rows import AnnotationRow, ArticleRow, Fragment, Json, LinkRow, Person

TASKS = "tasks.json"
Rows = Iterator[Read | Unreadable]


def read(stream: BinaryIO, options: Options) -> Rows:
    """The rows of a zip of tasks.json, or of a bare JSON file of tasks."""
    peeked = Peeked(stream)
    try:
        if not is_zip(peeked.head(4)):
            yield from _tasks(cast(BinaryIO, peeked), options, None)
            return
        with archive(peeked.whole(), options) as opened:
            yield from opened.problems
            if TASKS not in opened:
                raise Unreadable(f"The archive has no {TASKS}.", code="missing_member")
            with opened.opened(TASKS) as tasks:
                yield from _tasks(tasks, options, TASKS)
            yield from across.read(opened)
    except Unreadable as error:
        yield error


def _tasks(stream: BinaryIO, options: Options, name: str | None) -> Rows:
    labels, unit = Labels(options), unit_of(options)
    key = str(options.get("text_key", "text"))
    try:
        for line, task in items(stream, options):
            try:
                reader = _Task(task, key, line, name, labels)
                yield Read(reader.article, line, name)
                yield from reader.rows(Page(reader.article.text, unit))
            except Unreadable as error:
                yield Unreadable(error.detail, code=error.code, line=line, name=name)
    except Unreadable as error:
        yield Unreadable(error.detail, code=error.code, line=error.line, name=error.name or name)


@dataclass(slots=True)
class _Region:
    """A labelled stretch and what hangs on it."""

    item: Json
    piece: Fragment
    shown: Json = field(default_factory=dict)
    joined: list[tuple[str, str]] = field(default_factory=list)


class _Task:
    """One task; its rows are read annotation by annotation."""

    def __init__(self, task: Any, key: str, line: int, name: str | None, labels: Labels) -> None:
        task = _object(task, "A task")
        self._task, self._line, self._name, self._labels = task, line, name, labels
        if "data" not in task and key in task:
            told = "This is Label Studio's JSON-MIN, which leaves too much out: export as JSON."
            raise Unreadable(told, code="json_min")
        data = _object(task.get("data"), "A task's `data`")
        text = storable(data.get(key), f"`data.{key}`")
        article = data.get("article")
        details: Json = article if isinstance(article, dict) else {}
        given = article_fields(details)
        given["text_sha256"] = sha256(text.encode()).hexdigest()
        if not details:
            given["external_id"] = _own_id(data, task)
        ident = storable(details.get("id") or given.get("external_id") or f"task-{line}", "The id")
        title = optional(given.pop("title", data.get("title")), "The title")
        self.article = ArticleRow(ident, title if title is not None else ident, text, **given)

    def rows(self, page: Page) -> Rows:
        """Annotations, then links, of every annotation and prediction that is not cancelled."""
        for machine, key in ((False, "annotations"), (True, "predictions")):
            for number, found in enumerate(_list(self._task.get(key))):
                if isinstance(found, dict) and not found.get("was_cancelled"):
                    layer = _Layer(self, found, machine, f"{key}/{number}")
                    yield from layer.rows(page)

    def guarded(self, step: Callable[[], AnnotationRow | LinkRow | None]) -> Rows:
        """The row of one step, or why there is none."""
        try:
            if row := step():
                yield Read(row, self._line, self._name)
        except Unreadable as error:
            yield Unreadable(error.detail, code=error.code, line=self._line, name=self._name)

    @property
    def labels(self) -> Labels:
        """What the labels mean."""
        return self._labels


class _Layer:
    """The results of one annotation or prediction."""

    def __init__(self, task: _Task, found: Json, machine: bool, place: str) -> None:
        self._task, self._found, self._machine, self._place = task, found, machine, place
        self._regions: dict[str, _Region] = {}
        self._relations: list[Json] = []
        self._ids: dict[str, str] = {}
        self._inner: set[str] = set()

    def rows(self, page: Page) -> Rows:
        """Its annotations and links."""
        results = [item for item in _list(self._found.get("result")) if isinstance(item, dict)]
        for item in results:
            if item.get("type") == "labels":
                yield from self._task.guarded(partial(self._labelled, item, page))
        for item in results:
            if item.get("type") == "relation":
                yield from self._task.guarded(partial(self._related, item))
            elif item.get("type") in ("choices", "textarea", "number"):
                self._shown(item)
        for key, region in self._regions.items():
            if key not in self._inner and region.item.get("from_name") != PART_TAG:
                yield from self._task.guarded(partial(self._row, key, region))
        for item in self._relations:
            yield from self._task.guarded(partial(self._link, item))

    def _labelled(self, item: Json, page: Page) -> None:
        value = _object(item.get("value"), "A region's `value`")
        quote = value.get("text")
        piece = page.fragment(
            value.get("start"), value.get("end"), quote if isinstance(quote, str) else None
        )
        given = item.get("id")  # models may leave it out
        key = f"region-{len(self._regions) + 1}" if given is None else storable(given, "Its id")
        if key in self._regions:
            raise Unreadable(f"Region {key[:40]!r} stands twice.", code="duplicate_id")
        self._regions[key] = _Region(item, piece)

    def _related(self, item: Json) -> None:
        label = _first(item.get("labels"))
        ends = [item.get("from_id"), item.get("to_id")]
        if not all(isinstance(end, str) and end in self._regions for end in ends):
            raise Unreadable("A relation names no region here.", code="unknown_reference")
        if label in (*ROLES, FRAGMENT):
            self._regions[str(ends[0])].joined.append((label, str(ends[1])))
            self._inner.add(str(ends[1]))
        else:
            self._relations.append(item)

    def _shown(self, item: Json) -> None:
        region = self._regions.get(str(item.get("id")))
        value = item.get("value")
        if region and isinstance(value, dict):
            said = value.get("choices") or value.get("text") or value.get("number")
            region.shown[str(item.get("from_name"))] = said[0] if isinstance(said, list) else said

    def _row(self, key: str, region: _Region) -> AnnotationRow | None:
        kind = self._kind(region)
        if kind is None:
            return None
        details = _details(region.item)
        given = annotation_fields(details)
        local = f"{self._task.article.id}#{self._place}/{key}"
        if not details:
            given["external_id"] = local
        self._ids[key] = ident = storable(details.get("id") or local, "An id")
        if self._machine:
            given["origin"] = "machine"
            given.setdefault("score", self._score(region))
        kept = {k: v for k, v in given.get("attributes", {}).items() if k not in SHOWN[kind]}
        said = {k: v for k, v in region.shown.items() if k in _known(kind) and v is not None}
        shown = json_safe(said, "An attribute")
        given["attributes"] = kept | shown
        return AnnotationRow(
            ident, self._task.article.id, kind, self._pieces(region, FRAGMENT, region.piece),
            person_of(details["author"]) if "author" in details else self._author(),
            parts={r: found for r in ROLES if (found := self._pieces(region, r))},
            **given,
        )  # fmt: skip

    def _score(self, region: _Region) -> float | None:
        """The model's own; a region that a person took over keeps one, which is theirs no more."""
        score: Any = region.item.get("score", self._found.get("score"))
        plain = isinstance(score, int | float) and not isinstance(score, bool)
        return float(score) if plain else None

    def _kind(self, region: _Region) -> str | None:
        labels = _list(_object(region.item.get("value"), "A value").get("labels"))
        if len(labels) != 1 or not isinstance(labels[0], str):
            raise Unreadable("A region has exactly one label.", code="unknown_kind")
        return self._task.labels.kind(labels[0])

    def _pieces(self, region: _Region, label: str, *first: Fragment) -> tuple[Fragment, ...]:
        joined = [self._regions[key].piece for name, key in region.joined if name == label]
        return (*first, *joined)

    def _author(self) -> Person:
        found = self._found.get("completed_by")
        if isinstance(found, dict):
            name = found.get("email") or found.get("first_name")
            return Person(str(found.get("id") or ""), optional(name, "An author") or "")
        return Person(str(found), "") if isinstance(found, int) else Person("", "")

    def _link(self, item: Json) -> LinkRow | None:
        relation = self._task.labels.relation(_first(item.get("labels")))
        if relation is None:
            return None
        keys = (str(item["from_id"]), str(item["to_id"]))
        if not all(key in self._ids for key in keys):
            raise Unreadable("A relation names no annotation.", code="unknown_reference")
        here = self._task.article.id
        local = f"{here}#{self._place}/{keys[0]}-{keys[1]}"
        details = _details(item) or {"id": local, "external_id": local}
        one, two = (self._ids[key] for key in keys)
        shown = {"from_id": one, "from_article_id": here, "to_id": two, "to_article_id": here}
        return link_of({**details, **shown, "relation": relation})


def _known(kind: str) -> set[str]:
    return {attribute.name for attribute in KINDS[kind].attributes}


def _details(item: Json) -> Json:
    meta = item.get("meta")
    found = meta.get("factmark") if isinstance(meta, dict) else None
    return found if isinstance(found, dict) else {}


def _own_id(data: Json, task: Json) -> str | None:
    for value in (data.get("external_id"), data.get("id"), task.get("id")):
        if isinstance(value, str | int) and not isinstance(value, bool):
            return storable(str(value), "The id")
    return None


def _object(value: Any, what: str) -> Json:
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is no object.", code="not_an_object")
    return value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""
