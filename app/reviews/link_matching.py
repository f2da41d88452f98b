"""Annotators' links side by side: links match when their ends do.

An end is known by the group of spans it stands in (see `matching`); an annotation that stands in
none, such as one of an article compared elsewhere, is known by its own id. Ends are unordered, as
both relations are symmetric.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.reviews.agreement.link_f1 import LinkKey
from app.reviews.differences import Difference, differences
from app.reviews.matching import Group, Likeness


@dataclass(frozen=True, slots=True)
class MarkedLink:
    """One link as it is compared; `ends` are ids of annotations."""

    id: str
    ends: tuple[str, str]
    relation: str
    attributes: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """What the annotators say of one pair of units.

    `likeness` is exact when all who link them name one relation, overlapping when they name
    different ones (one corroborates, another contradicts), single when one annotator links them.
    `ends` are the names of the two units, sorted; equal when both lie in one group of spans.
    """

    likeness: Likeness
    ends: tuple[str, str]
    members: Mapping[str, tuple[MarkedLink, ...]]
    missing: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def relations(self) -> dict[str, tuple[str, ...]]:
        """The relations each annotator names, sorted."""
        return {
            who: tuple(sorted({link.relation for link in links}))
            for who, links in self.members.items()
        }


def unit_names(groups: Iterable[Group]) -> dict[str, str]:
    """For each annotation in the groups the name of its unit: the least id in its group."""
    names: dict[str, str] = {}
    for group in groups:
        ids = sorted(marked.id for marked in group.members.values())
        names.update(dict.fromkeys(ids, ids[0]))
    return names


def link_key(link: MarkedLink, names: Mapping[str, str]) -> LinkKey:
    """The link as `LinkF1` counts it."""
    return LinkKey(frozenset(_ends(link, names)), link.relation)


def compare_links(
    layers: Mapping[str, Sequence[MarkedLink]], groups: Iterable[Group]
) -> list[LinkGroup]:
    """All groups of links, by the names of their ends.

    `layers` has an entry for everyone who could have linked, also an empty one. An annotator
    who linked both their own span and another's twin of it has two links in one group.
    """
    names = unit_names(groups)
    found: dict[tuple[str, str], dict[str, list[MarkedLink]]] = defaultdict(dict)
    for who in sorted(layers):
        for link in sorted(layers[who], key=lambda link: link.id):
            found[_ends(link, names)].setdefault(who, []).append(link)
    return [
        _group(ends, {who: tuple(links) for who, links in members.items()}, sorted(layers))
        for ends, members in sorted(found.items())
    ]


def _ends(link: MarkedLink, names: Mapping[str, str]) -> tuple[str, str]:
    one, other = sorted(names.get(end, end) for end in link.ends)
    return one, other


def _group(
    ends: tuple[str, str], members: Mapping[str, tuple[MarkedLink, ...]], everyone: Sequence[str]
) -> LinkGroup:
    links = [link for own in members.values() for link in own]
    same = len({link.relation for link in links}) == 1
    likeness: Likeness = "exact" if same else "overlapping"
    return LinkGroup(
        likeness=likeness if len(members) > 1 else "single",
        ends=ends,
        members=members,
        missing=tuple(who for who in everyone if who not in members),
        differences=differences(
            {link.id: {"relation": link.relation, **link.attributes} for link in links}
        ),
    )
