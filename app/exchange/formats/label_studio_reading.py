"""Label Studio's tasks back to rows: what its controls show wins over what the meta remembers."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, BinaryIO, cast

from app.exchange.formats import across
from app.exchange.formats.base import Options, Read, Unreadable
from app.exchange.formats.checks import Page, optional, storable, unit_of
from app.exchange.formats.details import article_fields
from app.exchange.formats.jsonstream import items
from app.exchange.formats.label_studio_regions import Home, Layer, Step, as_list, as_object
from app.exchange.formats.labels import Labels
from app.exchange.formats.peeking import Peeked
from app.exchange.formats.unzipping import archive, is_zip
from app.exchange.rows import ArticleRow, Json

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


class _Task:
    """One task; its rows are read annotation by annotation."""

    def __init__(self, task: Any, key: str, line: int, name: str | None, labels: Labels) -> None:
        task = as_object(task, "A task")
        self._task, self._line, self._name, self._labels = task, line, name, labels
        if "data" not in task and key in task:
            told = "This is Label Studio's JSON-MIN, which leaves too much out: export as JSON."
            raise Unreadable(told, code="json_min")
        data = as_object(task.get("data"), "A task's `data`")
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
        home = Home(self.article.id, page, self._labels)
        for machine, key in ((False, "annotations"), (True, "predictions")):
            for number, found in enumerate(as_list(self._task.get(key))):
                if isinstance(found, dict) and not found.get("was_cancelled"):
                    layer = Layer(home, found, machine=machine, place=f"{key}/{number}")
                    for step in layer.steps():
                        yield from self._guarded(step)

    def _guarded(self, step: Step) -> Rows:
        """The row of one step, or why there is none."""
        try:
            if row := step():
                yield Read(row, self._line, self._name)
        except Unreadable as error:
            yield Unreadable(error.detail, code=error.code, line=self._line, name=self._name)


def _own_id(data: Json, task: Json) -> str | None:
    for value in (data.get("external_id"), data.get("id"), task.get("id")):
        if isinstance(value, str | int) and not isinstance(value, bool):
            return storable(str(value), "The id")
    return None
