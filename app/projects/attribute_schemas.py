"""Whether a JSON Schema (2020-12) can be used at all: its form, and where its references lead.

A schema may be good in form and still be of no use: a reference that leads nowhere, or one
that leads back to itself without going deeper into the value, which would never end.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_REFERENCES = ("$ref", "$dynamicRef")
_SAME_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
"""Keywords whose subschemas look at the same value as the schema they stand in."""


class UnusableSchemaError(ValueError):
    """What is wrong with it; `code` is `outside_reference` or `bad_schema`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


def check(schema: dict[str, Any]) -> None:
    """Raise UnusableSchemaError unless values can be held against the schema."""
    if any(not ref.startswith("#") for node in _nodes(schema) for ref in _references(node)):
        raise UnusableSchemaError("outside_reference", "References lead inside the schema: `#…`.")
    try:
        Draft202012Validator.check_schema(schema)
        _check_loops(schema)
    except SchemaError as error:
        detail = f"This is not a JSON Schema: {error.message[:200]}"
        raise UnusableSchemaError("bad_schema", detail) from None
    except Unresolvable as error:
        detail = f"The reference {error.ref!r} leads nowhere."
        raise UnusableSchemaError("bad_schema", detail) from None


def _check_loops(schema: dict[str, Any]) -> None:
    root = Registry().resolver_with_root(DRAFT202012.create_resource(schema))

    def next_of(node: dict[str, Any]) -> Iterator[Any]:
        for reference in _references(node):
            yield root.lookup(reference).contents
        for keyword in _SAME_PLACE:
            yield from _schemas_under(node.get(keyword))

    ended: set[int] = set()
    for start in _nodes(schema):
        _walk(start, next_of, ended)


def _walk(start: dict[str, Any], next_of: Any, ended: set[int]) -> None:
    """Follow what looks at the same value, depth first, and without recursion of our own."""
    path = [(start, next_of(start))]
    entered = {id(start)}
    while path:
        node, rest = path[-1]
        following = next((one for one in rest if isinstance(one, dict)), None)
        if following is None:
            path.pop()
            entered.discard(id(node))
            ended.add(id(node))
        elif id(following) in entered:
            raise UnusableSchemaError("bad_schema", "A reference leads back to itself for ever.")
        elif id(following) not in ended:
            path.append((following, next_of(following)))
            entered.add(id(following))


def _nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object in the schema, itself first."""
    if isinstance(schema, dict):
        yield schema
    inner = schema.values() if isinstance(schema, dict) else schema
    for one in inner if isinstance(schema, (dict, list)) else ():
        yield from _nodes(one)


def _references(node: dict[str, Any]) -> Iterator[str]:
    return (node[name] for name in _REFERENCES if isinstance(node.get(name), str))


def _schemas_under(value: Any) -> Iterator[Any]:
    """The subschemas of a keyword: one, a list of them, or some by name."""
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        yield value
        yield from value.values()
