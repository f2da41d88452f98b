"""A project's JSON Schema (2020-12): whether it can be used at all, and the validator it makes.

A schema may be good in form and still be of no use: a reference that leads nowhere, or one
that leads back to itself without going deeper into the value. And no schema shall make an
annotation slow. Patterns are matched in time linear in the text; look-around and back-references
cannot be matched so and are refused. References that double what they lead to, time and again,
are refused by how often a value would be held against subschemas.
"""

from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError
from referencing.exceptions import Unresolvable

from app.kernel.jsons import dumps
from app.projects.schema_graph import Graph, LoopError, TooOftenError, nodes, references

MOST_BYTES = 2**18
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
    if len(dumps(schema)) > MOST_BYTES:
        raise UnusableSchemaError("bad_schema", f"A schema has at most {MOST_BYTES} bytes.")
    if any(not ref.startswith("#") for node in nodes(schema) for ref in references(node)):
        raise UnusableSchemaError("outside_reference", "References lead inside the schema: `#…`.")
    validator_of(schema)
    try:
        Graph(schema).check_times()
    except Unresolvable as error:
        detail = f"The reference {error.ref!r} leads nowhere."
        raise UnusableSchemaError("bad_schema", detail) from None
    except LoopError:
        detail = "A reference leads back to itself for ever."
        raise UnusableSchemaError("bad_schema", detail) from None
    except TooOftenError:
        told = "A value would be held against too many subschemas: refer less often to them."
        raise UnusableSchemaError("bad_schema", told) from None


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
