"""The endpoint of stats."""

from typing import Any

from flask import Blueprint, Response

from app.projects.doors import enter_project
from app.stats.schemas import StatsOut, StatsQuery
from app.stats.service import stats
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
