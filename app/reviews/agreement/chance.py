"""Chance for gamma: continua on which the coders' layers were laid at random places.

Source: Mathet, Widlöcher and Métivier 2015 (see `alignment`), section 5.2: each layer of a sample
is the layer of a coder drawn at random, moved by a pivot; what passes the end comes in again at
the beginning. Pivots of one sample stay half a mean unit length apart, so that no two layers move
almost together.
"""

from collections.abc import Sequence
from random import Random

from app.reviews.agreement.units import Continuum, Unit


def shuffled(continuum: Continuum, random: Random) -> list[Unit]:
    """One sample with as many layers as the continuum has coders; its coders are "0", "1", …"""
    layers = [layer for _, layer in sorted(continuum.by_coder().items())]
    sample: list[Unit] = []
    for number, pivot in enumerate(_pivots(continuum, random)):
        for unit in random.choice(layers):
            start = unit.start + pivot
            if start > continuum.end:
                start -= continuum.length
            sample.append(Unit(str(number), start, start + unit.length, unit.label))
    return sample


def _pivots(continuum: Continuum, random: Random) -> Sequence[int]:
    """A place for every coder, apart from the others as long as there is room."""
    units = continuum.units
    distance = sum(unit.length for unit in units) / len(units) / 2 if units else 0.0
    free = [(continuum.begin, continuum.end)]
    pivots: list[int] = []
    for _ in continuum.coders:
        place = _anywhere(free or [(continuum.begin, continuum.end)], random)
        pivots.append(place)
        free = [part for stretch in free for part in _around(stretch, place, distance)]
    return pivots


def _anywhere(stretches: Sequence[tuple[int, int]], random: Random) -> int:
    """A whole place in the stretches (end exclusive), each place equally likely."""
    step = random.randrange(sum(end - start for start, end in stretches))
    for start, end in stretches:
        if step < end - start:
            return start + step
        step -= end - start
    return stretches[-1][1] - 1


def _around(stretch: tuple[int, int], place: int, distance: float) -> list[tuple[int, int]]:
    """What is left of a stretch when everything nearer than `distance` is taken out."""
    start, end = stretch
    keep_out = max(1, int(-(-distance // 1)))
    parts = [(start, min(end, place - keep_out + 1)), (max(start, place + keep_out), end)]
    return [(low, high) for low, high in parts if low < high]
