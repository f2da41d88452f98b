"""Evidence as the wire has it."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from app.evidence.days import together
from app.evidence.discrepancies import Discrepancies, Discrepancy
from app.evidence.figures import Figure, Reading
from app.evidence.graph import Edge, SignedGraph, Step
from app.evidence.independence import Origins
from app.evidence.stances import Chain, Walk
from app.evidence.witnesses import Known
from app.links.presenting import present as present_link

Json = dict[str, Any]
SAID = (
    *("value", "value_max", "unit", "comparator", "scale", "measured"),
    *("as_of", "said_on", "status"),
)
"""What a discrepancy shows of a figure's attributes."""


def shown(row: Row[Any]) -> Json:
    """An annotation and its article, enough to show them."""
    return {
        "annotation": {
            name: row._mapping[name] for name in ("id", "kind", "exact", "state", "layer")
        },
        "article": {
            "id": row.article_id,
            "title": row.title,
            "publisher": row.publisher,
            "credited_source": row.credited_source,
            "published_on": row.published_on,
        },
    }


@dataclass(frozen=True, slots=True)
class View:
    """What a walk reached, with where it comes from.

    `shares` tells how each shares an origin with the annotation asked about; `numbers` are the
    origins of those that do not.
    """

    known: Known
    walk: Walk
    shares: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]

    def summary(self) -> Json:
        """How much supports and opposes, by annotation and by distinct origin."""
        stances = Counter(reached.stance for reached in self.walk.reached.values())
        return {
            "independent_support": self._origins("supports"),
            "independent_opposition": self._origins("opposes"),
            "supporting": stances["supports"],
            "opposing": stances["opposes"],
            "disputed": stances["disputed"],
        }

    def about(self, id_: str) -> Json:
        """An annotation, its article and who is reported to say it."""
        return {**shown(self.known.rows[id_]), "sources": self.known.speakers.get(id_, [])}

    def item(self, id_: str) -> Json:
        """One annotation that was reached."""
        reached = self.walk.reached[id_]
        return {
            **self.about(id_),
            "stance": reached.stance,
            "hops": reached.hops,
            "contested": reached.contested,
            "independent": not self.shares[id_],
            "shares": list(self.shares[id_]),
            "origin": self.numbers.get(id_, 0),
            "chains": [_chain(chain) for chain in reached.chains],
        }

    def _origins(self, stance: str) -> int:
        reached = self.walk.reached
        return len(
            {number for id_, number in self.numbers.items() if reached[id_].stance == stance}
        )


def _chain(chain: Chain) -> Json:
    return {
        "stance": "supports" if chain.supports else "opposes",
        "steps": [
            {
                "link": link.link,
                "relation": "corroborates" if link.corroborates else "contradicts",
                "independence": link.independence,
                "to": node,
            }
            for link, node in zip(chain.links, chain.nodes[1:], strict=True)
        ],
    }


@dataclass(frozen=True, slots=True)
class Groups:
    """What there is to tell of groups, of each at most `most` things of a sort.

    `counted` are those of which articles and origins are told, `opposing` has the groups that
    contradict each, with the links that say so, and `conflicts` how many contradictions lie inside.
    """

    graph: SignedGraph
    known: Known
    origins: Origins
    counted: Collection[str]
    opposing: Mapping[str, Mapping[str, list[str]]]
    conflicts: Mapping[str, int]
    most: int

    def item(self, name: str) -> Json:
        """One group with its first members, and the groups that contradict it most."""
        members, is_counted = self.graph.groups[name], name in self.counted
        against = sorted(
            self.opposing.get(name, {}).items(), key=lambda each: (-len(each[1]), each[0])
        )
        rows = self.known.rows
        return {
            "id": name,
            "size": len(members),
            "articles": len({rows[id_].article_id for id_ in members}) if is_counted else None,
            "origins": self.origins.count(members) if is_counted else None,
            "conflicts": self.conflicts.get(name, 0),
            "contradicted_by": len(against),
            "members": [shown(rows[id_]) for id_ in members[: self.most]],
            "contradictions": [
                {
                    "cluster": other,
                    "size": len(self.graph.groups[other]),
                    "links": links[: self.most],
                }
                for other, links in against[: self.most]
            ],
        }


def conflict(
    graph: SignedGraph,
    edge: Edge,
    chain: list[Step] | None,
    rows: Mapping[str, Row[Any]],
    link: Row[Any],
) -> Json:
    """A contradiction inside a group, with the corroborations that join its ends."""
    name = graph.group_of(edge.one)
    return {
        "contradiction": present_link(link._mapping),
        "cluster": name,
        "cluster_size": len(graph.groups[name]),
        "ends": [shown(rows[end]) for end in (edge.one, edge.other)],
        "chain": chain and [{"link": step.link, **shown(rows[step.node])} for step in chain],
    }


def discrepancy(
    pair: Discrepancy, found: Discrepancies, rows: Mapping[str, Row[Any]], tolerance: Decimal
) -> Json:
    """Two figures that cannot both hold, side by side."""
    figures = [found.figures[id_] for id_ in (pair.one, pair.other)]
    readings = [figure.reading(tolerance) for figure in figures]
    return {
        "linked": pair.relation or "none",
        "link": pair.link,
        "dates": together(*(reading.days for reading in readings)),
        "figures": [
            {**shown(rows[figure.id]), **_said(figure), "reads_as": _range(reading)}
            for figure, reading in zip(figures, readings, strict=True)
        ],
    }


def _said(figure: Figure) -> Json:
    return {name: figure.attributes.get(name) for name in SAID}


def _range(reading: Reading) -> Json | None:
    if reading.values is None:
        return None
    low, high, low_open, high_open = reading.values
    return {
        "unit": reading.base,
        "low": _plain(low),
        "high": _plain(high),
        "low_included": low is not None and not low_open,
        "high_included": high is not None and not high_open,
    }


def _plain(number: Decimal | None) -> str | None:
    """A number as every figure is answered: digits, without an exponent or zeros at the end."""
    if number is None:
        return None
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
