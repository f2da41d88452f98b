"""What the links and figures of a project say together, for those who may read it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import Connection

from app.annotations.queries import get as get_annotation
from app.evidence import presenting, queries
from app.evidence.counting import Counting
from app.evidence.discrepancies import Discrepancies, Tie
from app.evidence.figures import Figure
from app.evidence.graph import SignedGraph
from app.evidence.independence import Origins
from app.evidence.policy import RULES
from app.evidence.stances import walk
from app.evidence.witnesses import know
from app.kernel.actor import Actor
from app.kernel.paging import Page, PageAsk, page_from
from app.kernel.permissions import require
from app.kernel.snapshots import one_moment

Json = dict[str, Any]
MOST_REACHED = 2000
MOST_COUNTED = 10_000
"""Of how many annotations a page of groups looks up where they come from."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted, and the filters of the list."""

    counting: Counting
    filters: Json

    @classmethod
    def of(cls, actor: Actor, query: Json) -> "Asked":
        """Takes what the query says of counting; the rest are filters."""
        return cls(Counting(actor, query.pop("state"), query.pop("layer")), query)


def evidence_of(
    actor: Actor, annotation_id: str, query: Json, ask: PageAsk
) -> tuple[int, Page[Json], Json]:
    """The annotation's version, a page of what supports and opposes it, and what that adds up to.

    Statements: six, and two for every hop. Time and memory: that of the links looked at, at most
    `MOST_REACHED` a hop, on every page; it does not grow with the project.
    """
    require(RULES, "read", actor)
    depth = query.pop("depth")
    with one_moment() as connection:
        version = get_annotation(actor, annotation_id).version
        counting = Asked.of(actor, query).counting
        root = queries.counted_as(connection, counting, annotation_id)
        start = root or annotation_id
        look = partial(queries.edges_at, connection, counting)
        found = walk(start, depth if root else 0, look, MOST_REACHED)
        known = know(connection, actor, {start, *found.reached})
    origins = Origins(
        known.witnesses, ((link.one, link.other, link.independence) for link in found.links)
    )
    shares = {id_: origins.shared(start, id_) for id_ in found.reached}
    numbers = origins.grouped([id_ for id_, shared in shares.items() if not shared])
    items = sorted(found.reached, key=lambda id_: (found.reached[id_].hops, id_))
    page = page_from(
        items,
        lambda id_: [found.reached[id_].hops, id_],
        ask,
        name="evidence",
        kinds=(int, str),
    )
    view = presenting.View(known, found, shares, numbers)
    told = {
        "annotation_id": annotation_id,
        "counted_as": root,
        "depth": depth,
        **view.summary(),
        "complete": found.complete,
        **view.about(start),
    }
    return version, page.map(lambda ids: [view.item(id_) for id_ in ids]), told


def clusters(actor: Actor, query: Json, ask: PageAsk) -> Page[Json]:
    """A page of groups that corroboration holds together, the largest first.

    Every page reads all links that count once, as rows of a few ids: O(n log n) time, some 120
    bytes a link and 250 an annotation of memory; five statements.
    """
    require(RULES, "read", actor)
    least, most = query.pop("min_size"), query.pop("most")
    contradicted = query.pop("contradicted", None)
    asked = Asked.of(actor, query)
    with one_moment() as connection:
        graph, links = _graph(connection, asked.counting)
        opposing = _opposing(graph)
        passes = _touched(connection, asked, graph, graph.group_of)
        page = _largest_first(
            graph,
            ask,
            lambda name: (
                len(graph.groups[name]) >= least
                and passes(name)
                and contradicted in {None, bool(opposing.get(name))}
            ),
        )
        counted = set(_within(page.items, graph.groups, MOST_COUNTED))
        listed = {id_ for name in page.items for id_ in graph.groups[name][:most]}
        wanted = listed | {id_ for name in counted for id_ in graph.groups[name]}
        known = know(connection, actor, wanted)
    origins = Origins(known.witnesses, links)
    inside = Counter(graph.group_of(edge.one) for edge in graph.conflicts())
    view = presenting.Groups(graph, known, origins, counted, opposing, inside, most)
    return page.map(lambda names: [view.item(name) for name in names])


def conflicts(actor: Actor, query: Json, ask: PageAsk) -> Page[Json]:
    """A page of contradictions inside groups, each with a shortest chain, in the order of links.

    Every page reads all links that count, as `clusters` does; the chains of a page cost at most
    `graph.MOST_LOOKED_AT` annotations each. Six statements.
    """
    require(RULES, "read", actor)
    asked = Asked.of(actor, query)
    with one_moment() as connection:
        graph, _ = _graph(connection, asked.counting)
        passes = _touched(connection, asked, graph, lambda id_: id_)
        found = (edge for edge in graph.conflicts() if passes(edge.one) or passes(edge.other))
        page = page_from(found, lambda edge: [edge.link], ask, name="conflicts", kinds=(str,))
        chains = {edge.link: graph.chain(edge.one, edge.other) for edge in page.items}
        ids = {step.node for chain in chains.values() for step in chain or ()}
        ids |= {end for edge in page.items for end in (edge.one, edge.other)}
        rows = queries.shown(connection, ids)
        links = queries.link_rows(connection, actor, list(chains))
    return page.map(
        lambda edges: [
            presenting.conflict(graph, edge, chains[edge.link], rows, links[edge.link])
            for edge in edges
        ]
    )


def discrepancies(actor: Actor, query: Json, ask: PageAsk) -> tuple[Page[Json], bool]:
    """A page of figures that cannot both hold, and whether all were compared that could be.

    Every page reads all figures that count and the links between figures: see `Discrepancies`
    for time; some 2 kB of memory a figure. Five statements.
    """
    require(RULES, "read", actor)
    tolerance = Decimal(query.pop("tolerance")) / 100
    linked = query.pop("linked", None)
    relations = {"none": [None]}.get(linked, [linked]) if linked else [None, "corroborates"]
    asked = Asked.of(actor, query)
    with one_moment() as connection:
        figures = (Figure(*tuple(row)) for row in queries.figures(connection, asked.counting))
        ties = (Tie(*tuple(row)) for row in queries.figure_ties(connection, asked.counting))
        found = Discrepancies(figures, ties, tolerance)
        passes = _touched(connection, asked, found.figures, lambda id_: id_)
        pairs = (pair for pair in found.found(relations) if passes(pair.one) or passes(pair.other))
        page = page_from(
            pairs,
            lambda pair: [pair.one, pair.other],
            ask,
            name="discrepancies",
            kinds=(str, str),
        )
        ids = {end for pair in page.items for end in (pair.one, pair.other)}
        rows = queries.shown(connection, ids)
    items = page.map(
        lambda pairs: [presenting.discrepancy(pair, found, rows, tolerance) for pair in pairs]
    )
    return items, found.complete


def _graph(
    connection: Connection, counting: Counting
) -> tuple[SignedGraph, list[tuple[str, str, str | None]]]:
    """The graph of all links that count, and what they say of the origin of their ends."""
    graph, judgements = SignedGraph(), []
    for row in queries.every_edge(connection, counting):
        id_, one, other, relation, independence = tuple(row)
        ends = graph.add(id_, one, other, corroborates=relation == "corroborates")
        if independence in {"same_origin", "independent"}:
            judgements.append((*ends, independence))
    return graph, judgements


def _largest_first(graph: SignedGraph, ask: PageAsk, chosen: Callable[[str], bool]) -> Page[str]:
    """A page of the names of the groups that are chosen."""
    sizes = {name: len(members) for name, members in graph.groups.items() if chosen(name)}
    names = sorted(sizes, key=lambda name: (-sizes[name], name))
    return page_from(
        names, lambda name: [-sizes[name], name], ask, name="clusters", kinds=(int, str)
    )


def _opposing(graph: SignedGraph) -> dict[str, dict[str, list[str]]]:
    """Of each group, the groups that contradict it, with the links that say so."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for edge in graph.between():
        one, other = graph.group_of(edge.one), graph.group_of(edge.other)
        found[one][other].append(edge.link)
        found[other][one].append(edge.link)
    return found


def _touched(
    connection: Connection,
    asked: Asked,
    known: Container[str],
    named: Callable[[str], str],
) -> Callable[[str], bool]:
    """Whether something has an annotation that passes the filters; `named` tells of which it is."""
    filters = dict(asked.filters)
    if not filters:
        return lambda _: True
    one = filters.pop("annotation", None)
    passing: set[str] = set()
    if one is not None:
        counted = queries.counted_as(connection, asked.counting, one)
        passing = {counted} if counted is not None and counted in known else set()
    if filters:
        rows = queries.streamed(connection, queries.touching(asked.counting.actor, filters))
        found = {row.id for row in rows if row.id in known}
        passing = passing & found if one is not None else found
    names = {named(id_) for id_ in passing}
    return names.__contains__


def _within(names: Iterable[str], groups: dict[str, list[str]], most: int) -> Iterable[str]:
    """The first of these groups that have no more than so many members together."""
    for name in names:
        most -= len(groups[name])
        if most < 0:
            return
        yield name
