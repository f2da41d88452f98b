"""The endpoints of stats."""

from typing import Any

from flask import Blueprint, Response

from app.projects.doors import enter_project
from app.stats.schemas import StatsOut, StatsQuery, WorkOut, WorkQuery
from app.stats.service import stats
from app.stats.work import work
from app.web.operations import credential, operation
from app.web.replies import reply

routes = Blueprint("stats", __name__, url_prefix="/api/v1")


@routes.get("/projects/<project>/stats")
@operation(
    "Counts by kind, state, author, article, relation and day",
    query=StatsQuery,
    answer=StatsOut,
)
def read(project: str, query: dict[str, Any]) -> Response:
    return reply(stats(enter_project(credential(), project), query))


@routes.get("/projects/<project>/stats/work")
@operation(
    "What people made and decided day by day, and how their work stood",
    query=WorkQuery,
    answer=WorkOut,
    description="Of the annotators' own annotations and links that are still there. `made` counts "
    "by kind at whose work it is; `decided` counts approved, rejected, changes_requested and "
    "reopened at who decided. `states` has a row for each day on which something of a person "
    "and kind changed its state, with how many stood where at its end; between two rows "
    "nothing changed. What was imported with the time at which it was made counts from then on.",
)
def read_work(project: str, query: dict[str, Any]) -> Response:
    return reply(work(enter_project(credential(), project), query))
