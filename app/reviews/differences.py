"""Where what several annotators say differs, by JSON pointer. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.kernel.jsons import escape

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """An attribute on which a group is not of one mind.

    `path` is a JSON pointer into the attributes ("/time/value"); `values` has an entry for each
    annotation that says something there, by id.
    """

    path: str
    values: Mapping[str, object]


def differences(attributes: Mapping[str, Mapping[str, object]]) -> tuple[Difference, ...]:
    """Where attribute trees differ, by path; a null is the same as an absent member.

    Objects are compared member by member, lists and all else as a whole. 1 and true differ.
    """
    if len({repr(tree) for tree in attributes.values()}) < 2:
        return ()  # as most are, and quickly seen
    flat = {key: dict(leaves(tree)) for key, tree in attributes.items()}
    found: list[Difference] = []
    for path in sorted({path for said in flat.values() for path in said}):
        values = {key: said[path] for key, said in flat.items() if path in said}
        texts = {written(said.get(path, _ABSENT)) for said in flat.values()}
        if len(texts) > 1:
            found.append(Difference(path, values))
    return tuple(found)


def leaves(tree: Mapping[str, object], at: str = "") -> Iterator[tuple[str, object]]:
    """What a tree says that is no object itself, each with its JSON pointer; nulls say nothing."""
    for key, value in tree.items():
        path = f"{at}/{escape(key)}"
        if isinstance(value, Mapping):
            yield from leaves(value, path)
        elif value is not None:
            yield path, value


def written(value: object) -> str:
    """A value written so that equal ones read alike, whatever the order of their members."""
    if isinstance(value, Mapping):
        return str(sorted((str(key), written(member)) for key, member in value.items()))
    if isinstance(value, list | tuple):
        return str([written(member) for member in value])
    return "absent" if value is _ABSENT else repr(value)
