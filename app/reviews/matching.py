"""Annotators' layers side by side: which of their spans and links are about the same thing.

Spans of two annotators are paired one to one by the rule of `agreement.pairing`: the same extent
first, then overlap, as many pairs and as much shared text as can be. With more than two, every two
are paired, and the pairs joined into groups, the most alike first, as long as no group would hold
two spans of one annotator. So a group is what all annotators say about one place, and everyone
says at most one thing there. The order in which layers and spans are given does not matter.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Literal, NamedTuple, get_args

from app.reviews.agreement.pairing import Extent, pair_overlapping, shared
from app.reviews.agreement.span_f1 import Met
from app.reviews.differences import Difference, differences, leaves, written

Likeness = Literal["exact", "overlapping", "single"]
LIKENESS: tuple[Likeness, ...] = get_args(Likeness)


@dataclass(frozen=True, slots=True)
class Marked:
    """One annotation as it is compared: code points, fragments in text order."""

    id: str
    kind: str
    fragments: Extent
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """What the annotators marked in one place.

    `members` gives each annotator's annotation; `missing` are those who have none there. A group
    is exact when all its members have one extent and one kind, single with one member. `kind` is
    that of the first member by annotator. `start` and `end` are the envelope of all members.
    """

    likeness: Likeness
    kind: str
    start: int
    end: int
    members: Mapping[str, Marked]
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """One article compared: its groups in text order, each within one kind.

    `met` tells of every kind and two annotators how many spans they marked and share.
    """

    groups: list[Group]
    met: Mapping[tuple[str, str, str], Met]


def compare(layers: Mapping[str, Sequence[Marked]]) -> list[Group]:
    """All groups of one article, each within one kind, in text order; see `match`."""
    return match(layers).groups


def match(layers: Mapping[str, Sequence[Marked]]) -> Matched:
    """Compare one article.

    `layers` has an entry for everyone who worked on the article, also an empty one. Time: one
    pairing for every two annotators and kind.
    """
    groups: list[Group] = []
    met: dict[tuple[str, str, str], Met] = {}
    for kind in sorted({marked.kind for layer in layers.values() for marked in layer}):
        ordered = _in_order(layers, kind)
        paired = {two: _pairs(ordered, *two) for two in combinations(ordered, 2)}
        for one, other in paired:
            pairs = paired[one, other]
            exact = sum(not pair.unlike for pair in pairs)
            met[kind, one, other] = Met(len(ordered[one]), len(ordered[other]), exact, len(pairs))
        groups += [_group(place, ordered) for place in _places(ordered, paired.values())]
    groups.sort(key=lambda group: (group.start, -group.end, group.kind, _ids(group.members)))
    return Matched(groups, met)


def matched_labels(
    layers: Mapping[str, Sequence[Marked]],
    label: Callable[[Marked], str | None],
    *,
    within_kind: bool = True,
) -> list[dict[str, str | None]]:
    """The labels given to the same unit, by annotator: what kappa and nominal alpha are fed.

    Two annotations are the same unit when they stand in one group of this module. With
    `within_kind` false, kinds are ignored in grouping, so that the kind itself can be the label.
    Who has no annotation there, or whose `label` is None, has None; groups in which fewer than
    two annotators have an annotation say nothing on labels and are left out.
    """
    places: list[Mapping[str, Marked]]
    if within_kind:
        places = [group.members for group in compare(layers)]
    else:
        ordered = _in_order(layers)
        paired = (_pairs(ordered, *two) for two in combinations(ordered, 2))
        places = list(_places(ordered, paired))
    return [
        {who: label(place[who]) if who in place else None for who in sorted(layers)}
        for place in places
        if len(place) > 1
    ]


def exactly_alike(
    groups: Iterable[Group], at_least: int, *, attributes: bool = True
) -> list[tuple[str, ...]]:
    """Ids of the annotations that `at_least` annotators or more marked alike, one tuple a group.

    Alike is the same kind and extent and, with `attributes`, the same attributes. Of several such
    parties in a group the largest is answered; two of equal size decide nothing.

    Raises:
        ValueError: `at_least` is below 1.
    """
    if at_least < 1:
        raise ValueError("At least one annotator must have marked it.")
    found: list[tuple[str, ...]] = []
    for group in groups:
        parties = sorted(_parties(group, attributes), key=len, reverse=True)
        clear = len(parties) == 1 or len(parties[0]) > len(parties[1])
        if clear and len(parties[0]) >= at_least:
            found.append(tuple(parties[0]))
    return found


def _in_order(
    layers: Mapping[str, Sequence[Marked]], kind: str | None = None
) -> dict[str, list[Marked]]:
    """Annotators by id, and what each marked in text order; of one kind, or of all."""
    return {
        who: sorted((m for m in layers[who] if kind in (None, m.kind)), key=_text_order)
        for who in sorted(layers)
    }


class _Alike(NamedTuple):
    """Two spans that were paired: 0 unlike when they are the same, below 1 always."""

    unlike: float
    one: tuple[str, int]
    other: tuple[str, int]


def _pairs(layers: Mapping[str, Sequence[Marked]], one: str, other: str) -> list[_Alike]:
    """The paired spans of two annotators."""
    ours = [marked.fragments for marked in layers[one]]
    theirs = [marked.fragments for marked in layers[other]]
    return [
        _Alike(_unlikeness(ours[first], theirs[second]), (one, first), (other, second))
        for first, second in pair_overlapping(ours, theirs)
    ]


def _places(
    layers: Mapping[str, Sequence[Marked]], paired: Iterable[Iterable[_Alike]]
) -> list[dict[str, Marked]]:
    """What annotators marked in one place, by annotator."""
    clusters: dict[tuple[str, int], dict[str, int]] = {
        (who, place): {who: place} for who, layer in layers.items() for place in range(len(layer))
    }
    for _, one, other in sorted(chain.from_iterable(paired)):
        first, second = clusters[one], clusters[other]
        if first is not second and not first.keys() & second.keys():
            first |= second
            for member in second.items():
                clusters[member] = first
    distinct = {id(cluster): cluster for cluster in clusters.values()}
    return [
        {who: layers[who][cluster[who]] for who in sorted(cluster)} for cluster in distinct.values()
    ]


def _unlikeness(one: Extent, other: Extent) -> float:
    """1 − shared text over all text of both."""
    if one == other:
        return 0.0
    common = shared(one, other)
    everything = sum(end - start for start, end in (*one, *other)) - common
    # Touching fragments may cover the same text without being the same extent: not yet exact.
    return max(1e-9, 1 - common / everything)


def _group(members: Mapping[str, Marked], everyone: Iterable[str]) -> Group:
    spans = list(members.values())
    alike = len({(span.kind, span.fragments) for span in spans}) == 1
    return Group(
        likeness="single" if len(spans) == 1 else "exact" if alike else "overlapping",
        kind=spans[0].kind,
        start=min([span.fragments[0][0] for span in spans]),
        end=max([span.fragments[-1][1] for span in spans]),
        members=members,
        missing=tuple(who for who in everyone if who not in members),
        differences=differences({span.id: span.attributes for span in spans}),
    )


def _parties(group: Group, attributes: bool) -> list[list[str]]:
    """The ids of a group's members, those alike together."""
    parties: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for marked in group.members.values():
        said = written(dict(leaves(marked.attributes))) if attributes else ""
        parties[marked.kind, marked.fragments, said].append(marked.id)
    return list(parties.values())


def _text_order(marked: Marked) -> tuple[Extent, str, str]:
    return marked.fragments, marked.kind, marked.id


def _ids(members: Mapping[str, Marked]) -> list[str]:
    return [marked.id for marked in members.values()]
