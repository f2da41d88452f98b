"""Permission as a table: a rule names alternatives, an alternative names words that all hold."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.kernel.actor import Actor, Role
from app.kernel.errors import Forbidden

Word = Callable[[Actor, Any], bool]
Rules = Mapping[str, Sequence[Sequence[Word]]]


def at_least(role: Role) -> Word:
    """The word that holds for members of this role or a higher one."""

    def word(actor: Actor, _thing: Any) -> bool:
        return actor.role is not None and actor.role >= role

    word.__name__ = f"is_{role.name}"
    return word


is_viewer = at_least(Role.viewer)
is_annotator = at_least(Role.annotator)
is_reviewer = at_least(Role.reviewer)
is_manager = at_least(Role.manager)


def is_author(actor: Actor, thing: Any) -> bool:
    """The actor made it."""
    return thing is not None and bool(thing.author_id == actor.id)


def is_admin(actor: Actor, _thing: Any) -> bool:
    """An administrator of the whole server."""
    return actor.is_admin


def allows(rules: Rules, verb: str, actor: Actor, thing: Any = None) -> bool:
    """Whether some row of the verb's rule holds word for word."""
    return any(all(word(actor, thing) for word in row) for row in rules[verb])


def require(rules: Rules, verb: str, actor: Actor, thing: Any = None) -> None:
    """Raise Forbidden, naming what would be needed, unless the rule allows the verb."""
    if allows(rules, verb, actor, thing):
        return
    rows = " or ".join(
        " and ".join(word.__name__.removeprefix("is_") for word in row) for row in rules[verb]
    )
    raise Forbidden(f"To {verb.replace('_', ' ')} you must be {rows}.", needs=rows)
