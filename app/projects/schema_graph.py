"""A JSON Schema as a graph: which subschemas a value is held against, and how often. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from referencing import Registry
from referencing.jsonschema import DRAFT202012

Node = dict[str, Any]
"""A subschema, told from others by identity: a reference leads to one that stands elsewhere."""

MOST_TIMES = 10_000
"""Subschemas that a value may be held against; in a schema that people write it is some tens."""
MOST_STEPS = 1_000_000
"""Steps of finding that out: some tenths of a second."""
DEEPEST = 16
"""Levels that values have at most."""

_REFERENCES = ("$ref", "$dynamicRef")
_SAME_VALUE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
_ANY_MEMBER = (
    *("patternProperties", "additionalProperties", "unevaluatedProperties", "propertyNames"),
)
_ITEMS = ("items", "prefixItems", "contains", "unevaluatedItems")
_MAPS = {"dependentSchemas", "patternProperties"}
_AGAIN = 3
"""As often, by measure, a value goes through what stands beside an `unevaluated…`."""


class LoopError(ValueError):
    """A reference leads back to itself without going deeper into the value."""


class TooOftenError(ValueError):
    """A value would be held against too many subschemas."""


class _Times:
    """How often a value is held against subschemas, by their identity."""

    def __init__(self, each: dict[int, int] | None = None) -> None:
        self.each = each or {}
        self.total = sum(self.each.values())


class Graph:
    """The subschemas of a schema that is good in form, and which look at the same value.

    Raises `LoopError`, and `Unresolvable` for a reference that leads nowhere.
    """

    def __init__(self, schema: Node) -> None:
        self._schema = schema
        self._nodes = {id(node): node for node in nodes(schema)}
        self._root = Registry().resolver_with_root(DRAFT202012.create_resource(schema))
        self._beside: dict[int, list[Node]] = {}
        """What looks at the same value as a node; of that, each stands earlier than the node."""
        self._steps = 0
        for node in self._nodes.values():
            self._walk(node)

    def check_times(self) -> None:
        """`TooOftenError` where a value would be held against too many subschemas.

        An upper bound. Members of other names are other values, so that of these the worst
        counts and not the sum: a tree may refer to itself in two members.
        """
        reached = self._reached()
        times = reached[id(self._schema)].each
        for _ in range(DEEPEST):
            times = self._inside(times, reached)

    def _walk(self, start: Node) -> None:
        """Follow what looks at the same value, depth first, and without recursion of our own."""
        path = [(start, self._found_beside(start))] if id(start) not in self._beside else []
        entered = {id(start): 0}
        while path:
            node, beside = path[-1]
            if entered[id(node)] == len(beside):
                path.pop()
                del entered[id(node)]
                self._beside[id(node)] = beside
                continue
            following = beside[entered[id(node)]]
            entered[id(node)] += 1
            if id(following) in entered:
                raise LoopError
            if id(following) not in self._beside:
                path.append((following, self._found_beside(following)))
                entered[id(following)] = 0

    def _found_beside(self, node: Node) -> list[Node]:
        referred = [self._root.lookup(reference).contents for reference in references(node)]
        return [*_schemas(referred), *_under(node, _SAME_VALUE)]

    def _reached(self) -> dict[int, _Times]:
        """By node: how often a value that is held against it is held against which."""
        reached: dict[int, _Times] = {}
        for key, beside in self._beside.items():
            again = _AGAIN if _looks_back(self._nodes[key]) else 1
            times = reached[key] = _Times({key: 1})
            for one in beside:
                self._add(times, reached[id(one)], again)
        return reached

    def _inside(self, times: dict[int, int], reached: dict[int, _Times]) -> dict[int, int]:
        """The same for a value inside the value: the worst of its members and items."""
        named: dict[str, _Times] = defaultdict(_Times)
        any_member, item = _Times(), _Times()
        for key, often in times.items():
            node = self._nodes[key]
            for one in _under(node, _ANY_MEMBER):
                self._add(any_member, reached[id(one)], often)
            for one in _under(node, _ITEMS):
                self._add(item, reached[id(one)], often)
            for name, one in node.get("properties", {}).items():
                self._add(named[name], reached.get(id(one), _Times()), often)
        for member in named.values():
            self._add(member, any_member)
        worst: dict[int, int] = {}
        for inside in (item, any_member, *named.values()):
            for key, often in inside.each.items():
                worst[key] = max(worst.get(key, 0), often)
        return worst

    def _add(self, into: _Times, more: _Times, factor: int = 1) -> None:
        into.total += more.total * factor
        self._steps += len(more.each)
        if into.total > MOST_TIMES or self._steps > MOST_STEPS:
            raise TooOftenError
        for key, times in more.each.items():
            into.each[key] = into.each.get(key, 0) + times * factor


def nodes(schema: Any) -> Iterator[Node]:
    """Every object in the schema, itself first."""
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema
    for one in inner if isinstance(schema, (dict, list)) else ():
        yield from nodes(one)


def references(node: Node) -> Iterator[str]:
    """Where a node refers to."""
    return (node[name] for name in _REFERENCES if isinstance(node.get(name), str))


def _under(node: Node, keywords: tuple[str, ...]) -> Iterator[Node]:
    """The subschemas that stand under these keywords: one, a list of them, or some by name."""
    for keyword in keywords:
        value = node.get(keyword)
        if keyword in _MAPS:
            value = list(value.values()) if isinstance(value, dict) else []
        yield from _schemas(value if isinstance(value, list) else [value])


def _schemas(values: list[Any]) -> Iterator[Node]:
    """Those that are objects; true and false cost nothing."""
    return (value for value in values if isinstance(value, dict))


def _looks_back(node: Node) -> bool:
    return "unevaluatedProperties" in node or "unevaluatedItems" in node
