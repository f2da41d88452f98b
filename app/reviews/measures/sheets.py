"""One article, or one pair of articles, as the measures look at it. Pure.

A sheet holds what each coder marked or linked there, the groups in which they meet, and the
labels they gave to the same unit. A sheet can be narrowed to some coders, or to one kind; what
was worked out of the whole is not worked out again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from app.kernel.jsons import canonical
from app.reviews.agreement.link_f1 import LinkKey
from app.reviews.agreement.span_f1 import Met
from app.reviews.agreement.unitizing import Unitized, unitized
from app.reviews.agreement.units import Continuum, Unit, continuum
from app.reviews.link_matching import LinkGroup, MarkedLink, compare_links, link_key, unit_names
from app.reviews.matching import Group, Marked, match, matched_labels

KIND = "kind"
"""The label that is the kind of an annotation, not one of its attributes."""


class Labelled(NamedTuple):
    """The label that each coder gave a unit, None where none; and its `kind`, if it has one."""

    kind: str | None
    labels: tuple[str | None, ...]

    def among(self, places: Iterable[int]) -> "Labelled":
        """The same unit with the labels of the coders in these places alone."""
        return Labelled(self.kind, tuple(self.labels[place] for place in places))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Coders' work on one article, or their links between it and `other_id`.

    `length` counts the code points of the text. `spans` has an entry for every coder, of
    annotations; `links` likewise, of links; the one that is not looked at is empty. Of them only
    those of `coders` and `kinds` count. `groups` are where the coders meet, `met` how often every
    two do, by kind, and `labelled` how many units bear the same labels.
    """

    article_id: str
    other_id: str | None
    title: str
    length: int
    coders: tuple[str, ...]
    spans: Mapping[str, Sequence[Marked]]
    links: Mapping[str, Sequence[LinkKey]]
    groups: Sequence[Group] | Sequence[LinkGroup]
    labelled: Mapping[Labelled, int]
    kinds: tuple[str, ...] = ()
    met: Mapping[tuple[str, str, str], Met] = field(default_factory=dict)
    _unitized: dict[tuple[str, ...], Unitized] = field(default_factory=dict)

    def among(self, coders: tuple[str, ...]) -> "Sheet":
        """The same work of these coders alone, without groups."""
        if coders == self.coders:
            return self
        places = [self.coders.index(who) for who in coders]
        labelled: Counter[Labelled] = Counter()
        for unit, times in self.labelled.items():
            labelled[unit.among(places)] += times
        return replace(self, coders=coders, groups=(), labelled=labelled)

    def of_kind(self, kind: str) -> "Sheet":
        """The same work on annotations of one kind, without groups."""
        labelled = {unit: times for unit, times in self.labelled.items() if unit.kind == kind}
        return replace(self, kinds=(kind,), groups=(), labelled=labelled)

    def met_by(self, one: str, other: str) -> list[Met]:
        """How often two coders meet, kind by kind."""
        return [self.met[kind, one, other] for kind in self.kinds]

    def unitized(self) -> Unitized:
        """The article as Krippendorff's unitizing sees it, worked out once for the same coders."""
        if self.coders not in self._unitized:
            self._unitized[self.coders] = unitized(self.continuum())
        return self._unitized[self.coders].of(self.kinds)

    def continuum(self) -> Continuum:
        """The text with a unit for each fragment that these coders marked, whatever its kind."""
        units = (
            Unit(who, start, end, marked.kind)
            for who in self.coders
            for marked in self.spans[who]
            for start, end in marked.fragments
        )
        return continuum(units, length=self.length, coders=self.coders)


def span_sheet(
    article_id: str,
    title: str,
    length: int,
    layers: Mapping[str, Sequence[Marked]],
    label: str,
) -> Sheet:
    """What coders marked in an article; `label` is `kind`, or a pointer into an annotation."""
    found = match(layers)
    coders = tuple(sorted(layers))
    labelled: Counter[Labelled]
    if label == KIND:
        units = matched_labels(layers, lambda marked: marked.kind, within_kind=False)
        labelled = Counter(Labelled(None, tuple(unit.values())) for unit in units)
    else:
        labelled = _labelled(found.groups, coders, lambda marked: said_at(marked, label))
    kinds = tuple(sorted({kind for kind, *_ in found.met}))
    return Sheet(
        article_id,
        None,
        title,
        length,
        coders,
        layers,
        {},
        found.groups,
        labelled,
        kinds,
        found.met,
    )


def link_sheet(
    article_id: str,
    other_id: str | None,
    title: str,
    layers: Mapping[str, Sequence[MarkedLink]],
    known: Iterable[Group],
) -> Sheet:
    """Coders' links between two articles or in one, whose spans stand in the groups `known`."""
    known = list(known)
    names = unit_names(known)
    groups = compare_links(layers, known)
    keys = {who: [link_key(link, names) for link in own] for who, own in layers.items()}
    coders = tuple(sorted(layers))
    labelled = Counter(
        Labelled(None, tuple(_relation(group, who) for who in coders))
        for group in groups
        if len(group.members) > 1
    )
    return Sheet(article_id, other_id, title, 0, coders, {}, keys, groups, labelled)


def _relation(group: LinkGroup, coder: str) -> str | None:
    """What a coder says of a pair, if it is one thing."""
    relations = group.relations.get(coder, ())
    return relations[0] if len(relations) == 1 else None


def said_at(marked: Marked, pointer: str) -> str | None:
    """What an annotation says at a JSON pointer, as a label; None where nothing."""
    value: object = marked.attributes
    for step in pointer.removeprefix("/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None or isinstance(value, str):
        return value
    return canonical(value).decode()


def disagrees(group: Group | LinkGroup) -> bool:
    """Whether the coders are not of one mind: someone lacks it, places or attributes differ."""
    return bool(group.missing or group.differences or group.likeness != "exact")


def _labelled(
    groups: Iterable[Group], coders: Sequence[str], label: Callable[[Marked], str | None]
) -> Counter[Labelled]:
    found: Counter[Labelled] = Counter()
    for group in groups:
        if len(group.members) > 1:
            own = (group.members.get(who) for who in coders)
            labels = tuple(label(marked) if marked is not None else None for marked in own)
            found[Labelled(group.kind, labels)] += 1
    return found
