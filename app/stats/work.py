"""Work over time: what people made and decided on each day, and how it stood at the end of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from app.accounts.queries import names_of
from app.annotations.states import STATES
from app.kernel.actor import Actor
from app.stats import work_queries as queries

Json = dict[str, Any]
Rows = list[Row[Any]]
DECISIONS = ("approved", "rejected", "changes_requested", "reopened")


def work(actor: Actor, filters: Json) -> Json:
    """Throughput and states, day by day in UTC, of what the actor may see."""
    wanted = filters.get("kind")
    rows = [row for row in queries.work(actor) if wanted in (None, row.kind)]
    made = [row for row in rows if row.was is None]
    moves = [row for row in rows if row.was is not None]
    decisions = [move for move in moves if move.action in DECISIONS]
    names = names_of({row.author_id for row in made} | {row.actor_id for row in decisions})
    return {
        "throughput": list(_throughput(made, decisions, filters, names)),
        "states": list(_states(made, moves, filters, names)),
    }


def _within(day: str, filters: Json) -> bool:
    since, until = filters.get("since"), filters.get("until")
    return (since is None or day >= since.date().isoformat()) and (
        until is None or day < until.date().isoformat()
    )


def _throughput(
    made: Rows, decisions: Rows, filters: Json, names: dict[str, str]
) -> Iterable[Json]:
    """What each person made, by kind, and decided on, by decision, on each day."""
    new: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    decided: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in made:
        new[row.made_on, row.author_id][row.kind] += row.n
    for row in decisions:
        decided[row.day, row.actor_id][row.action] += row.n
    for day, who in sorted(new.keys() | decided.keys(), key=lambda key: (key[0], names[key[1]])):
        if _within(day, filters) and filters.get("user") in (None, who):
            yield {
                "day": day,
                "user": {"id": who, "name": names[who]},
                "made": dict(sorted(new[day, who].items())),
                "decided": dict(sorted(decided[day, who].items())),
            }


def _states(made: Rows, moves: Rows, filters: Json, names: dict[str, str]) -> Iterable[Json]:
    """Of each person and kind, how many stood in each state at the end of a day they changed."""
    changed = _changed(made, moves)
    stand: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for day, who, kind in sorted(changed, key=lambda key: (key[0], names[key[1]], key[1:])):
        stand[who, kind].update(changed[day, who, kind])
        if _within(day, filters) and filters.get("user") in (None, who):
            counts = {state: stand[who, kind][state] for state in STATES}
            yield {"day": day, "user": {"id": who, "name": names[who]}, "kind": kind, **counts}


def _changed(made: Rows, moves: Rows) -> dict[tuple[str, str, str], Counter[str]]:
    """By how much each day changed what stands in a state, for each person and kind.

    Things are known by the state they are in now. Each move taken back on the day on which its
    thing was made, what is left there is the state in which it was made.
    """
    changed: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in made:
        changed[row.made_on, row.author_id, row.kind][row.state] += row.n
    for move in moves:
        for day, sign in ((move.made_on, -1), (move.day, 1)):
            here = changed[day, move.author_id, move.kind]
            here[move.state] += sign * move.n
            here[move.was] -= sign * move.n
    return changed
