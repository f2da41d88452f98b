"""A project's JSON Schema (2020-12): whether it can be used at all, and the validator it makes.

A schema may be good in form and still be of no use: a reference that leads nowhere, or one
that leads back to itself without going deeper into the value. Patterns are matched in time
linear in the text, so that no schema makes an annotation slow; look-around and back-references
cannot be matched so and are refused.
"""

from collections.abc import Iterator
from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_REFERENCES = ("$ref", "$dynamicRef")
_SAME_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
"""Keywords whose subschemas look at the same value as the schema they stand in."""
_LINEAR = RegexOptions(size_limit=2**20, dfa_size_limit=2**21)
"""The engine without backtracking; a pattern may take a mebibyte once it is compiled."""


class UnusableSchemaError(ValueError):
    """What is wrong with it, and the steps to where.

    `code` is `outside_reference`, `bad_pattern` or `bad_schema`.
    """

    def __init__(self, code: str, detail: str, steps: list[str | int] | None = None) -> None:
        super().__init__(detail)
        self.code, self.steps = code, steps or []


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """What holds values against the schema; UnusableSchemaError unless it is good in form."""
    try:
        return Draft202012Validator(schema, pattern_options=_LINEAR, offline=True)
    except ValidationError as error:
        raise _unusable(error) from None


def check(schema: dict[str, Any]) -> None:
    """Raise UnusableSchemaError unless values can be held against the schema."""
    if any(not ref.startswith("#") for node in _nodes(schema) for ref in _references(node)):
        raise UnusableSchemaError("outside_reference", "References lead inside the schema: `#…`.")
    validator_of(schema)
    try:
        _check_loops(schema)
    except Unresolvable as error:
        detail = f"The reference {error.ref!r} leads nowhere."
        raise UnusableSchemaError("bad_schema", detail) from None


def _unusable(error: ValidationError) -> UnusableSchemaError:
    steps = list(error.instance_path)
    if steps[-1:] == ["pattern"] or steps[-2:-1] == ["patternProperties"]:
        detail = (
            "This pattern is broken, too large, or cannot be matched in linear time, "
            "as look-around and back-references cannot."
        )
        return UnusableSchemaError("bad_pattern", detail, steps)
    detail = f"This is not a JSON Schema: {error.message[:200]}"
    return UnusableSchemaError("bad_schema", detail, steps)


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
