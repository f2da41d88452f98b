"""How links add up along a chain: who supports an annotation, and who opposes it. Pure.

Signs combine so:

    corroborates, then corroborates   supports
    corroborates, then contradicts    opposes
    contradicts,  then corroborates   opposes
    contradicts,  then contradicts    nothing

The last line is the one that matters. What contradicts a contradiction is not thereby support:
"40 died" contradicts "12 died" and so does "25 died", and neither says the other. So a chain has
at most one contradiction and stops before a second.

The stance of an annotation is that of its shortest chain, for every further link is one more
judgement that may not carry over. Where a supporting and an opposing chain are equally short
it is disputed and counts on neither side.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

Stance = Literal["supports", "opposes", "disputed"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A link as it is walked over: its ends, its sign, and what it says of their origin."""

    link: str
    one: str
    other: str
    corroborates: bool
    independence: str | None = None

    def across(self, end: str) -> str:
        """The other end."""
        return self.other if end == self.one else self.one


@dataclass(frozen=True, slots=True)
class Chain:
    """Links from the annotation asked about to another, and what they add up to."""

    supports: bool
    links: tuple[Judged, ...]
    nodes: tuple[str, ...]

    @property
    def hops(self) -> int:
        """How many links."""
        return len(self.links)

    def onward(self, link: Judged) -> "Chain | None":
        """The chain with one more link; None where that says nothing, or turns back."""
        there = link.across(self.nodes[-1])
        if there in self.nodes or not (self.supports or link.corroborates):
            return None
        supports = self.supports and link.corroborates
        return Chain(supports, (*self.links, link), (*self.nodes, there))


@dataclass(slots=True)
class Reached:
    """An annotation that chains lead to: a shortest of each sign, the shorter first."""

    chains: list[Chain] = field(default_factory=list)

    @property
    def hops(self) -> int:
        """The length of the shortest chain."""
        return self.chains[0].hops

    @property
    def stance(self) -> Stance:
        """What the shortest chain says, or `disputed` where two equally short ones differ."""
        if len(self.chains) == 2 and self.chains[1].hops == self.hops:
            return "disputed"
        return "supports" if self.chains[0].supports else "opposes"

    @property
    def contested(self) -> bool:
        """Whether a chain of the other sign, longer or not, leads here too."""
        return len(self.chains) == 2

    def takes(self, chain: Chain) -> bool:
        """Keep the chain if it is the first of its sign."""
        if any(known.supports == chain.supports for known in self.chains):
            return False
        self.chains.append(chain)
        return True


@dataclass(frozen=True, slots=True)
class Walk:
    """What was reached, every link that was looked at, and whether that is all there is."""

    reached: dict[str, Reached]
    links: list[Judged]
    complete: bool


Look = Callable[[Collection[str], int], Sequence[Judged]]
"""At most so many links of these annotations, in the order of ids."""


def walk(root: str, depth: int, look: Look, most: int) -> Walk:
    """Everything that chains of at most `depth` links lead to from `root`.

    `look` is asked once a hop. Of the links of one hop at most `most` are followed, and past
    `most` annotations no further hop is made; then the walk is not complete.
    """
    reached: dict[str, Reached] = {}
    links: dict[str, Judged] = {}
    rim = [Chain(True, (), (root,))]
    complete = True
    for _ in range(depth):
        if len(reached) > most:
            return Walk(reached, list(links.values()), False)
        here: dict[str, list[Chain]] = {}
        for chain in rim:
            here.setdefault(chain.nodes[-1], []).append(chain)
        found = look(here.keys(), most + 1)
        complete = complete and len(found) <= most
        rim = []
        for link in found[:most]:
            links[link.link] = link
            for end in (link.one, link.other):
                for chain in here.get(end, ()):
                    onward = chain.onward(link)
                    if onward and reached.setdefault(onward.nodes[-1], Reached()).takes(onward):
                        rim.append(onward)
        if not rim:
            break
    return Walk(reached, list(links.values()), complete)
