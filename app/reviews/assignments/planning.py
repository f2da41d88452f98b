"""Planning seats: who would sit where, before anything is written. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.reviews.seating import spread


@dataclass(frozen=True, slots=True)
class Standing:
    """How the articles are seated already.

    `seated`: who has a seat there. `vacant`: how many seats there are anybody's. `barred`: who
    shall not sit there. `load`: how many seats each person has in the whole project.
    """

    seated: Mapping[str, Collection[str]] = field(default_factory=dict)
    vacant: Mapping[str, int] = field(default_factory=dict)
    barred: Mapping[str, Collection[str]] = field(default_factory=dict)
    load: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """New seats as (article, user), user None where it is anybody's, in the order of articles.

    `short`: how many seats an article lacks since too few people are free for it.
    """

    seats: list[tuple[str, str | None]]
    short: dict[str, int]


def plan(
    articles: Sequence[str], users: Sequence[str] | None, overlap: int, standing: Standing
) -> Plan:
    """The seats that bring every article to its overlap; with `users` None, anybody's.

    What stands already counts, so that planning the same twice adds nothing.

    Raises:
        OverlapTooLarge: more than there are people named.
    """
    if users is None:
        return Plan(
            [
                (article, None)
                for article in articles
                for _ in range(overlap - _there(article, standing))
            ],
            {},
        )
    seats = spread(
        articles,
        users,
        overlap,
        standing.load,
        seated=standing.seated,
        barred=standing.barred,
        vacant=standing.vacant,
    )
    lacking = {article: overlap - _there(article, standing) for article in articles}
    for article, _ in seats:
        lacking[article] -= 1
    return Plan(list(seats), {article: lack for article, lack in lacking.items() if lack > 0})


def _there(article: str, standing: Standing) -> int:
    return len(standing.seated.get(article, ())) + standing.vacant.get(article, 0)
