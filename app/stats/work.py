"""Work over time: what people made and decided on each day, and how it stood at the end of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from app.annotations.states import STATES
from app.kernel.actor import Actor
from app.stats import work_queries as queries

Json = dict[str, Any]
DECISIONS = ("approved", "rejected", "changes_requested", "reopened")


def work(actor: Actor, filters: Json) -> Json:
    """Throughput and states, day by day in UTC, of what the actor may see."""
    steps = [step for step in queries.steps(actor) if _wanted(step, filters)]
    names = queries.names({id_ for step in steps for id_ in (step.author_id, step.actor_id)})
    return {
        "throughput": list(_throughput(steps, filters, names)),
        "states": list(_states(steps, filters, names)),
    }


def _wanted(step: Any, filters: Json) -> bool:
    return filters.get("kind") in (None, step.kind)


def _within(day: str, filters: Json) -> bool:
    since, until = filters.get("since"), filters.get("until")
    return (since is None or day >= since.date().isoformat()) and (
        until is None or day < until.date().isoformat()
    )


def _throughput(steps: Iterable[Any], filters: Json, names: dict[str, str]) -> Iterable[Json]:
    """What each person made, by kind, and decided on, by decision, on each day."""
    made: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    decided: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for step in steps:
        if step.was is None:
            made[step.day, step.author_id][step.kind] += step.n
        elif step.action in DECISIONS:
            decided[step.day, step.actor_id][step.action] += step.n
    for day, who in sorted(made.keys() | decided.keys(), key=lambda key: (key[0], names[key[1]])):
        if _within(day, filters) and filters.get("user") in (None, who):
            yield {
                "day": day,
                "user": {"id": who, "name": names[who]},
                "made": dict(sorted(made[day, who].items())),
                "decided": dict(sorted(decided[day, who].items())),
            }


def _states(steps: Iterable[Any], filters: Json, names: dict[str, str]) -> Iterable[Json]:
    """Of each person and kind, how many stood in each state at the end of a day they changed."""
    moved: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for step in steps:
        here = moved[step.day, step.author_id, step.kind]
        here[step.state] += step.n
        if step.was is not None:
            here[step.was] -= step.n
    stand: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for day, who, kind in sorted(moved, key=lambda key: (key[0], names[key[1]], key[1:])):
        stand[who, kind].update(moved[day, who, kind])
        if _within(day, filters) and filters.get("user") in (None, who):
            counts = {state: stand[who, kind][state] for state in STATES}
            yield {"day": day, "user": {"id": who, "name": names[who]}, "kind": kind, **counts}
