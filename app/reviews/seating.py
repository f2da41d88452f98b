"""Seating: who gets which article, so that everyone has as much and every pair meets."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import comb
from typing import Generic, TypeVar

Article = TypeVar("Article", bound=Hashable)
User = TypeVar("User", bound=Hashable)

MOST_TRIED = 500
"""Companies compared for one article; beyond it seats are filled one by one."""

REACH, MOST_ROUNDS = 8, 3
"""How many articles ahead people are swapped with, and how often all are gone through."""


class SeatingError(ValueError):
    """The articles cannot be spread as asked."""


class OverlapTooLarge(SeatingError):
    """More people are wanted on an article than there are."""

    def __init__(self, overlap: int, people: int) -> None:
        super().__init__(f"An overlap of {overlap} needs {overlap} people; there are {people}.")
        self.overlap = overlap
        self.people = people


def spread(
    articles: Sequence[Article],
    users: Sequence[User],
    overlap: int,
    load: Mapping[User, int] | None = None,
    *,
    seated: Mapping[Article, Collection[User]] | None = None,
    barred: Mapping[Article, Collection[User]] | None = None,
    vacant: Mapping[Article, int] | None = None,
) -> list[tuple[Article, User]]:
    """Seats (article, user): `overlap` different people on every article, in the order given.

    `load` is how many seats each person already has elsewhere: who has least comes first, so that
    loads come within one of each other as soon as there are seats enough, and stay there. Among
    the equally loaded, those come together who have met least often: agreement can then be
    measured for every pair. `seated` are people already on an article; they count towards its
    overlap and towards who has met whom, and are not seated there again, which may cost evenness.
    `vacant` seats, which are anybody's, count towards the overlap too. Those `barred` from an
    article are never seated there; where too few are left, it gets fewer seats than wanted.

    The same arguments always give the same seats. Time: O(articles · `MOST_TRIED` · overlap²);
    about a second for a thousand articles.

    Raises:
        OverlapTooLarge: more than there are people, those seated and vacant seats included.
        SeatingError: an overlap below 1, or an article or a person named twice.
    """
    taken, out, empty = seated or {}, barred or {}, vacant or {}
    people = set(users).union(*taken.values())
    _check(articles, users, overlap, len(people) + max(empty.values(), default=0))
    table = _Table(users, load or {})
    for party in taken.values():
        table.meet(party)
    companies: list[_Company[User]] = []
    for article in articles:
        there = frozenset(taken.get(article, ()))
        company = _Company(there, frozenset(out.get(article, ())), [])
        company.seated = table.seat(company, overlap - len(there) - empty.get(article, 0))
        companies.append(company)
    table.mix(companies)
    return [
        (article, user)
        for article, company in zip(articles, companies, strict=True)
        for user in table.in_order(company.seated)
    ]


def _check(
    articles: Sequence[Hashable], users: Sequence[Hashable], overlap: int, people: int
) -> None:
    if overlap < 1:
        raise SeatingError("The overlap is at least 1.")
    if overlap > people:
        raise OverlapTooLarge(overlap, people)
    for name, given in (("article", articles), ("person", users)):
        if len(set(given)) < len(given):
            raise SeatingError(f"Every {name} is named once.")


@dataclass(slots=True)
class _Company(Generic[User]):
    """Who sits at one article: those there before, and those seated now; and who may not."""

    there: frozenset[User]
    barred: frozenset[User]
    seated: list[User]

    def others(self, user: User) -> set[User]:
        return {*self.there, *self.seated} - {user}


class _Table(Generic[User]):
    """Who has how many seats, and who has met whom how often."""

    def __init__(self, users: Sequence[User], load: Mapping[User, int]) -> None:
        self._users = users
        self._place = {user: place for place, user in enumerate(users)}
        self._load = {user: load.get(user, 0) for user in users}
        self._met: Counter[frozenset[User]] = Counter()

    def meet(self, company: Iterable[User]) -> None:
        """Remember that these people share an article."""
        self._met.update(frozenset(pair) for pair in combinations(set(company), 2))

    def seat(self, company: _Company[User], seats: int) -> list[User]:
        """Seat the least loaded beside those there, and choose among equals who meets whom."""
        there = company.there
        free = [user for user in self._users if user not in there and user not in company.barred]
        seats = max(0, min(seats, len(free)))
        levels: dict[int, list[User]] = defaultdict(list)
        for user in free:
            levels[self._load[user]].append(user)
        chosen: list[User] = []
        for level in sorted(levels):
            wanted = min(seats - len(chosen), len(levels[level]))
            chosen += self._company([*there, *chosen], levels[level], wanted)
        for user in chosen:
            self._load[user] += 1
        # Those there before have met already: only the meetings the newcomers make are new.
        before = {frozenset(pair) for pair in combinations(set(there), 2)}
        everyone = (frozenset(pair) for pair in combinations({*there, *chosen}, 2))
        self._met.update(pair for pair in everyone if pair not in before)
        return self.in_order(chosen)

    def in_order(self, company: Iterable[User]) -> list[User]:
        """People in the order they were named."""
        return sorted(company, key=self._place.__getitem__)

    def mix(self, companies: Sequence[_Company[User]]) -> None:
        """Swap people between articles near each other while that evens out who meets whom.

        A swap leaves every load as it is. Evenness is the sum of squared meetings.
        """
        for _ in range(MOST_ROUNDS):
            swaps = [
                self._swap(one, other)
                for place, one in enumerate(companies)
                for other in companies[place + 1 : place + 1 + REACH]
            ]
            if not any(swaps):
                return

    def _swap(self, one: _Company[User], other: _Company[User]) -> bool:
        """Make the first swap between two articles that evens out the meetings, if there is one."""
        for user, guest in product(one.seated, other.seated):
            here, beyond = one.others(user), other.others(guest)
            if guest in here or user in beyond or guest == user:
                continue
            if guest in one.barred or user in other.barred:
                continue
            lost = [frozenset((user, w)) for w in here - beyond]
            lost += [frozenset((guest, w)) for w in beyond - here]
            won = [frozenset((guest, w)) for w in here - beyond]
            won += [frozenset((user, w)) for w in beyond - here]
            gain = sum(2 * self._met[pair] - 1 for pair in lost)
            if gain > sum(2 * self._met[pair] + 1 for pair in won):
                self._met.subtract(lost)
                self._met.update(won)
                one.seated[one.seated.index(user)] = guest
                other.seated[other.seated.index(guest)] = user
                return True
        return False

    def _company(self, there: Sequence[User], equals: Sequence[User], seats: int) -> list[User]:
        """`seats` of the equally loaded who have met those there, and each other, least."""
        if seats in (0, len(equals)):
            return list(equals[:seats])
        if comb(len(equals), seats) <= MOST_TRIED:
            every: list[tuple[User, ...]] = list(combinations(equals, seats))
            best = min(every, key=lambda some: self._familiarity(there, some))
            return list(best)
        chosen: list[User] = []
        rest = list(equals)
        for _ in range(seats):
            company = [*there, *chosen]
            user = min(rest, key=lambda one: self._familiarity(company, (one,)))
            rest.remove(user)
            chosen.append(user)
        return chosen

    def _familiarity(self, there: Iterable[User], company: Sequence[User]) -> tuple[int, int]:
        """How often these have met: squared, so that nobody meets the same person over and over."""
        pairs = [frozenset((one, other)) for one in there for other in company]
        pairs += [frozenset(pair) for pair in combinations(company, 2)]
        met = [self._met[pair] for pair in pairs]
        return sum(2 * times + 1 for times in met), max(met, default=0)
