"""The best alignment of several coders' units: which of them are about the same thing.

A unitary alignment holds at most one unit of each of n coders. Its cost is the mean dissimilarity
over the C = n(n−1)/2 pairs of coders, where a pair lacking a unit costs Δ∅ = 1 and two units cost

    α · ((|start difference| + |end difference|) / (sum of lengths))²  +  β · (labels differ)

with α = 3 and β = 1. The best alignment parts all units into unitary alignments at the least total
cost; the disorder is that total over the mean number of units a coder has.

Source: Y. Mathet, A. Widlöcher, J.-P. Métivier, "The Unified and Holistic Method Gamma (γ) for
Inter-Annotator Agreement Measure and Alignment", Computational Linguistics 41(3), 2015, section 4.

Finding it is set partition, hard in general, but units only ever align with near ones. So the
text is swept once: at each unit, all ways in which the units ahead may already be taken are kept
with their cheapest cost. What is carried is cost above a lower bound (each unit's cheapest share),
so a first narrow sweep gives a ceiling and the second drops all that rises above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from app.reviews.agreement.units import Unit

POSITION_WEIGHT = 3.0
LABEL_WEIGHT = 1.0
NARROW, WIDE = 48, 400
"""States kept at a unit in the first and the second sweep: bounds on time and memory."""

MOST_TRIED = 300
"""Sets tried from one first unit, likeliest first; only many coders on one spot reach it."""

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment found: its unitary alignments and total cost.

    `exact` is False when the sweep had to forget states, so that a better one might exist.
    """

    sets: tuple[tuple[Unit, ...], ...]
    cost: float
    n_units: int
    n_coders: int
    exact: bool

    @property
    def disorder(self) -> float:
        """Cost over the mean number of units a coder has; 0 without units."""
        return self.cost * self.n_coders / self.n_units if self.n_units else 0.0


class TooMuch(Exception):
    """An alignment would take more steps than were granted."""


class Effort:
    """How many steps may still be taken: the same on every machine, unlike seconds.

    A step is one pair of units looked at, one set tried, or one way to go on in the sweep; a
    million take a second or so.
    """

    def __init__(self, steps: float = inf) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Take these steps; TooMuch where they are more than are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuch


class _Candidate(NamedTuple):
    members: tuple[int, ...]
    cost: float
    mask: int  # which units from the first member on are taken


class _Set(NamedTuple):
    """Units that may be one unitary alignment, each with its dissimilarity to all the rest."""

    members: tuple[int, ...]
    apart: tuple[float, ...]


class _Path(NamedTuple):
    excess: float
    members: tuple[int, ...]
    before: "_Path | None"


def position_dissimilarity(one: Unit, other: Unit) -> float:
    """((|start difference| + |end difference|) / (sum of lengths))²; 0 for the same place."""
    apart = abs(one.start - other.start) + abs(one.end - other.end)
    return (apart / (one.length + other.length)) ** 2


def dissimilarity(one: Unit, other: Unit) -> float:
    """Position and label together, weighted as this module says."""
    return POSITION_WEIGHT * position_dissimilarity(one, other) + (
        LABEL_WEIGHT if one.label != other.label else 0.0
    )


def best_alignment(units: Sequence[Unit], n_coders: int, effort: Effort | None = None) -> Alignment:
    """The alignment of least cost; among equals, one with fewer unitary alignments.

    Time grows with how many units overlap one another, not with the text: hundreds of units of
    two or three coders take milliseconds; a text covered ten times over falls to the bounds.

    Raises:
        ValueError: fewer than two coders, or fewer than the units name.
        TooMuch: it takes more steps than `effort` has left; without one there is no limit.
    """
    effort = effort or Effort()
    if n_coders < max(2, len({unit.coder for unit in units})):
        raise ValueError("An alignment needs at least two coders, and all who marked a unit.")
    ordered = sorted(units, key=lambda unit: (unit.start, unit.end, unit.coder, unit.label))
    candidates, complete = _candidates(ordered, n_coders, effort)
    shares = [1.0] * len(ordered)
    for candidate in (one for here in candidates for one in here):
        for member in candidate.members:
            shares[member] = min(shares[member], candidate.cost / len(candidate.members))
    first, exact = _sweep(candidates, shares, NARROW, inf, effort)
    path = first
    if not exact:
        path, exact = _sweep(candidates, shares, WIDE, first.excess, effort)
        path = min(path, first, key=lambda found: found.excess)
    sets = tuple(tuple(ordered[place] for place in members) for members in _unwind(path))
    cost = sum(_cost(members, n_coders) for members in sets)
    return Alignment(sets, cost, len(ordered), n_coders, exact and complete)


def _cost(members: Sequence[Unit], n_coders: int) -> float:
    apart = sum(
        dissimilarity(one, other)
        for place, one in enumerate(members)
        for other in members[place + 1 :]
    )
    return _mean(apart, len(members), n_coders)


def _mean(apart: float, size: int, n_coders: int) -> float:
    pairs = n_coders * (n_coders - 1) / 2
    return (apart + pairs - size * (size - 1) / 2) / pairs


def _candidates(
    units: Sequence[Unit], n_coders: int, effort: Effort
) -> tuple[list[list[_Candidate]], bool]:
    """For each unit the unitary alignments of which it is the first, and whether these are all.

    Taking a unit out of a set saves its dissimilarities to the rest, but costs a set of its own;
    a set that one such step improves cannot be in a best alignment and is not listed.
    """
    pairs = n_coders * (n_coders - 1) // 2
    near = _near(units, pairs + n_coders - 1 + _SLACK, effort)
    complete = True
    listed: list[list[_Candidate]] = []
    for first in range(len(units)):
        found: list[_Candidate] = []
        growing: list[_Set] = [_Set((first,), (0.0,))]
        tried = 0
        while growing and tried < MOST_TRIED:
            tried += 1
            effort.spend(1 + len(near[first]))
            members, apart = growing.pop()
            if max(apart) <= pairs + len(members) - 1 + _SLACK:
                cost = _mean(sum(apart) / 2, len(members), n_coders)
                mask = sum(1 << (member - first) for member in members)
                found.append(_Candidate(members, cost, mask))
            growing += _grown(_Set(members, apart), near, units, pairs + n_coders - 1 + _SLACK)
        complete = complete and not growing
        listed.append(sorted(found))
    return listed, complete


def _near(units: Sequence[Unit], limit: float, effort: Effort) -> list[dict[int, float]]:
    """For each unit the later ones of other coders that could share a set, with dissimilarity."""
    # From α·r² <= limit follows how far apart two starts may be, given the longest unit.
    longest = max((unit.length for unit in units), default=0)
    reach = 2 * longest * (limit / POSITION_WEIGHT) ** 0.5
    near: list[dict[int, float]] = []
    for place, unit in enumerate(units):
        found: dict[int, float] = {}
        later = place
        for later in range(place + 1, len(units)):
            other = units[later]
            if other.start - unit.start > reach:
                break
            if other.coder != unit.coder and (apart := dissimilarity(unit, other)) <= limit:
                found[later] = apart
        effort.spend(later - place)
        near.append(found)
    return near


def _grown(
    small: _Set, near: Sequence[dict[int, float]], units: Sequence[Unit], limit: float
) -> list[_Set]:
    """The set with one later unit more, the most dissimilar first: the last is tried next."""
    members, apart = small
    coders = {units[member].coder for member in members}
    grown: list[_Set] = []
    for other in near[members[0]]:
        if other <= members[-1] or units[other].coder in coders:
            continue
        if not all(other in near[member] for member in members):
            continue
        steps = [near[member][other] for member in members]
        sums = (*(a + step for a, step in zip(apart, steps, strict=True)), sum(steps))
        if max(sums) <= limit:
            grown.append(_Set((*members, other), sums))
    return sorted(grown, key=lambda one: (-one.apart[-1], one.members))


def _sweep(
    candidates: Sequence[Sequence[_Candidate]],
    shares: Sequence[float],
    width: int,
    ceiling: float,
    effort: Effort,
) -> tuple[_Path, bool]:
    """The cheapest path over all units, and whether no state had to be forgotten."""
    states: dict[int, _Path] = {0: _Path(0.0, (), None)}
    exact = True
    for here in candidates:
        # A hair's bonus for each unit joined: of equal costs, fewer sets.
        steps = [
            (one, one.cost - sum(shares[m] for m in one.members) - _SLACK * (len(one.members) - 1))
            for one in here
        ]
        effort.spend(len(states) * len(steps))
        following: dict[int, _Path] = {}
        for taken, path in states.items():
            if taken & 1:
                _keep(following, taken >> 1, path)
                continue
            for one, excess in steps:
                total = path.excess + excess
                if not taken & one.mask and total <= ceiling + _SLACK:
                    _keep(following, (taken | one.mask) >> 1, _Path(total, one.members, path))
        if len(following) > width:
            exact = False
            best = sorted(following.items(), key=lambda state: (state[1].excess, state[0]))
            following = dict(best[:width])
        states = following
    return states.get(0, _Path(inf, (), None)), exact


def _keep(states: dict[int, _Path], taken: int, path: _Path) -> None:
    known = states.get(taken)
    if known is None or path.excess < known.excess:
        states[taken] = path


def _unwind(path: _Path) -> list[tuple[int, ...]]:
    sets: list[tuple[int, ...]] = []
    step: _Path | None = path
    while step is not None and step.members:
        sets.append(step.members)
        step = step.before
    return sets[::-1]
