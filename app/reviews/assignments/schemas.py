"""What comes in and goes out of assignments."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.articles.published import precision_of
from app.articles.schemas import AuthorOut
from app.kernel.sentences import Sentence
from app.reviews.lists import Ids
from app.reviews.seats import STATES, TASKS
from app.web.fields import (
    Choice,
    Count,
    Flag,
    IdField,
    Ordinal,
    PageQuery,
    Strict,
    Text,
    When,
    Whole,
)

_ONE = Sentence("Give either articles or a filter.", "articles_or_filter")


class Day(fields.Field[str]):
    """A day such as 2026-01-31."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            metadata={"type": "string", "format": "date", "description": self.__doc__}, **more
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or precision_of(value) != "day":
            raise ValidationError(Sentence("A day such as 2026-01-31 is expected.", "not_a_day"))
        return value


class ArticleFilter(Strict):
    """Which articles, as their list is filtered; `assigned` for the task, or not yet."""

    q = Text(500, low=1)
    external_id = Text(200)
    publisher = Text(500)
    language = Text(35)
    state = Choice(("open", "adjudicated"))
    assigned = Flag()


class AssignIn(Strict):
    """Who shall do what: without `users` the seats are anybody's, for `next` to hand out."""

    articles = Ids()
    filter = fields.Nested(ArticleFilter)
    users = Ids()
    overlap = Whole(1, 50)
    task = Choice(TASKS, required=True)
    due_on = Day(allow_none=True)
    dry_run = Flag(load_default=False)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        if ("articles" in data) == ("filter" in data):
            raise ValidationError({"articles": [_ONE]})


class AssignQuery(Strict):
    """Whether to plan only; the same may be said in the body."""

    dry_run = Flag(text=True, load_default=False, says="Plan and answer, and assign nothing.")


class SeatOut(Strict):
    """A new seat; without `id` and `version` while it is only planned, `user` null while it is
    anybody's."""

    id = IdField()
    version = Ordinal()
    article_id = IdField(required=True)
    task = Choice(TASKS, required=True)
    user = fields.Nested(AuthorOut, required=True, allow_none=True)
    state = Choice(STATES, required=True)
    due_on = Day(required=True, allow_none=True)


class GainOut(Strict):
    """How many seats for the task someone has in the project, and how many come to them."""

    user = fields.Nested(AuthorOut, required=True)
    before = Count(required=True)
    added = Count(required=True)


class ShortOut(Strict):
    """An article that lacks seats, since too few of those named may sit there."""

    article_id = IdField(required=True)
    missing = Count(low=1, required=True)


class AssignedOut(Strict):
    """The new seats, made or only planned."""

    dry_run = Flag(required=True)
    task = Choice(TASKS, required=True)
    items = fields.List(fields.Nested(SeatOut), required=True)
    people = fields.List(fields.Nested(GainOut), required=True)
    short = fields.List(fields.Nested(ShortOut), required=True)


class TitledOut(Strict):
    """The article of an assignment."""

    id = IdField(required=True)
    title = fields.String(required=True)


class AssignmentOut(Strict):
    """One seat at an article: a task that one person does once."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    article_id = IdField(required=True)
    article = fields.Nested(TitledOut, required=True)
    task = Choice(TASKS, required=True)
    user = fields.Nested(AuthorOut, required=True, allow_none=True)
    state = Choice(STATES, required=True)
    reason = fields.String(required=True, allow_none=True)
    due_on = Day(required=True, allow_none=True)
    claim_expires_at = When(required=True, allow_none=True)
    done_at = When(required=True, allow_none=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class AssignmentPage(Strict):
    """A page of assignments."""

    items = fields.List(fields.Nested(AssignmentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class InProjectOut(Strict):
    """The project of an assignment."""

    id = IdField(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)


class MyAssignmentOut(AssignmentOut):
    """One of the caller's own assignments."""

    project = fields.Nested(InProjectOut, required=True)


class MyAssignmentPage(Strict):
    """A page of the caller's own assignments."""

    items = fields.List(fields.Nested(MyAssignmentOut), required=True)
    next = fields.String(required=True, allow_none=True)


class MyAssignmentsQuery(PageQuery):
    """Which of the caller's own assignments."""

    state = Choice(STATES, says="Only in this state.")
    task = Choice(TASKS, says="Only of this task.")
    project = Text(100, low=1, says="Only in this project, by its id or slug.")
    due_before = Day()


class AssignmentsQuery(PageQuery):
    """Which assignments."""

    state = Choice(STATES, says="Only in this state.")
    task = Choice(TASKS, says="Only of this task.")
    user = IdField(says="Only this person's.")
    article = IdField(says="Only on this article.")
    due_before = Day()


class AssignmentPatch(Strict):
    """The state to bring it into; with skipping may go a `reason`."""

    state = Choice(STATES, required=True)
    reason = Text(2000, allow_none=True)


class NextIn(Strict):
    """Which task to take; either, if it is not said."""

    task = Choice(TASKS)


class CountOut(Strict):
    """Seats by state; `overdue` are late and still to be done."""

    open = Count(required=True)
    in_progress = Count(required=True)
    done = Count(required=True)
    skipped = Count(required=True)
    total = Count(required=True)
    overdue = Count(required=True)


class TasksOut(Strict):
    """Seats by task."""

    annotate = fields.Nested(CountOut, required=True)
    review = fields.Nested(CountOut, required=True)


class PersonProgressOut(TasksOut):
    """Someone's seats; with `user` null those that are anybody's."""

    user = fields.Nested(AuthorOut, required=True, allow_none=True)


class ProgressOut(Strict):
    """How far the work is, in all and for each person."""

    tasks = fields.Nested(TasksOut, required=True)
    people = fields.List(fields.Nested(PersonProgressOut), required=True)
