"""One article, or one pair of articles, as the measures look at it. Pure.

A sheet holds what each coder marked or linked there, the groups in which they meet, and the
labels they gave to the same unit. A sheet can be narrowed to some coders, or to one kind.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.kernel.jsons import canonical
from app.reviews.agreement.link_f1 import LinkKey
from app.reviews.link_matching import LinkGroup, MarkedLink, compare_links, link_key, unit_names
from app.reviews.matching import Group, Marked, compare, matched_labels

KIND = "kind"
"""The label that is the kind of an annotation, not one of its attributes."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One unit with the label that each coder gave it, None where none; `kind` if it has one."""

    kind: str | None
    labels: Mapping[str, str | None]

    def among(self, coders: Collection[str]) -> "Labelled":
        """The same unit with these coders' labels alone."""
        return Labelled(self.kind, {who: self.labels.get(who) for who in coders})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Coders' work on one article, or their links between it and `other_id`.

    `length` counts the code points of the text. `spans` has an entry for every coder, of
    annotations; `links` likewise, of links. The one that is not looked at is empty. `groups` are
    where the coders meet.
    """

    article_id: str
    other_id: str | None
    title: str
    length: int
    coders: tuple[str, ...]
    spans: Mapping[str, Sequence[Marked]]
    links: Mapping[str, Sequence[LinkKey]]
    groups: Sequence[Group] | Sequence[LinkGroup]
    labelled: Sequence[Labelled]

    def among(self, coders: tuple[str, ...]) -> "Sheet":
        """The same work of these coders alone, without groups."""
        return replace(
            self,
            coders=coders,
            spans={who: self.spans[who] for who in coders if who in self.spans},
            links={who: self.links[who] for who in coders if who in self.links},
            groups=(),
            labelled=[unit.among(coders) for unit in self.labelled],
        )

    def of_kind(self, kind: str) -> "Sheet":
        """The same work on annotations of one kind, without groups."""
        spans = {who: [m for m in own if m.kind == kind] for who, own in self.spans.items()}
        labelled = [unit for unit in self.labelled if unit.kind == kind]
        return replace(self, spans=spans, groups=(), labelled=labelled)

    @property
    def kinds(self) -> list[str]:
        """The kinds of the annotations, sorted."""
        return sorted({marked.kind for own in self.spans.values() for marked in own})


def span_sheet(
    article_id: str,
    title: str,
    length: int,
    layers: Mapping[str, Sequence[Marked]],
    label: str,
) -> Sheet:
    """What coders marked in an article; `label` is `kind`, or a pointer into an annotation."""
    groups = compare(layers)
    if label == KIND:
        found = matched_labels(layers, lambda marked: marked.kind, within_kind=False)
        labelled = [Labelled(None, labels) for labels in found]
    else:
        labelled = _labelled(groups, sorted(layers), lambda marked: said_at(marked, label))
    coders = tuple(sorted(layers))
    return Sheet(article_id, None, title, length, coders, layers, {}, groups, labelled)


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
    labelled = [
        Labelled(
            None,
            {
                who: relations[0] if len(relations) == 1 else None
                for who, relations in group.relations.items()
            },
        )
        for group in groups
        if len(group.members) > 1
    ]
    coders = tuple(sorted(layers))
    return Sheet(article_id, other_id, title, 0, coders, {}, keys, groups, labelled)


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
) -> list[Labelled]:
    return [
        Labelled(
            group.kind,
            {who: label(group.members[who]) if who in group.members else None for who in coders},
        )
        for group in groups
        if len(group.members) > 1
    ]
