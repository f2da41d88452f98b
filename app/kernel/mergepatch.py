"""JSON Merge Patch (RFC 7396), and when two values are the same.

Values are JSON as Python holds it: dict, list, str, int, float, bool, None (and Decimal). Nesting
of any depth is walked without recursion.
"""

from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """What `target` becomes under `patch`.

    An object in the patch is merged into the object at its place (or into an empty one), member
    by member: null removes, another object merges in turn, anything else replaces, arrays whole.
    A patch that is no object replaces the target.

    Neither argument is changed. What the patch does not touch is shared with `target`, what it
    brings in is shared with `patch`; treat the result as a value, not as something to edit.
    """
    if not isinstance(patch, dict):
        return patch
    merged: dict[str, Any] = _object(target)
    waiting = [(merged, patch)]
    while waiting:
        into, changes = waiting.pop()
        for name, value in changes.items():
            if value is None:
                into.pop(name, None)
            elif isinstance(value, dict):
                into[name] = _object(into.get(name))
                waiting.append((into[name], value))
            else:
                into[name] = value
    return merged


def same(first: Any, second: Any) -> bool:
    """Whether two JSON values are equal; the order of an object's members does not matter."""
    waiting = [(first, second)]
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            waiting.extend((value, other[name]) for name, value in one.items())
        elif isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            waiting.extend(zip(one, other, strict=True))
        elif isinstance(one, bool) is not isinstance(other, bool) or one != other:
            return False
    return True


def _object(value: Any) -> dict[str, Any]:
    """A copy of an object to merge into; an empty one in place of anything else."""
    return dict(value) if isinstance(value, dict) else {}
