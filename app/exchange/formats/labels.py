"""From other tools' label names to our kinds and relations."""

from collections.abc import Mapping

from app.annotations.kinds import KINDS
from app.exchange.formats.base import Options, Unreadable

RELATIONS = ("corroborates", "contradicts")
ROLES = ("source", "cue", "content", "antecedent")


class Labels:
    """What a file's labels mean: our own names in any case, and what option `labels` adds.

    `labels` is a mapping or a text such as "Quantity:figure,Premise:claim"; a value may also
    be `ignore`, which drops such spans without an error.
    """

    def __init__(self, options: Options) -> None:
        self._known = {name: name for name in (*KINDS, *RELATIONS)}
        for label, meaning in _pairs(options.get("labels", {})):
            if meaning not in (*KINDS, *RELATIONS, "ignore"):
                raise Unreadable(f"`labels` maps to no known {meaning!r}.", code="bad_option")
            self._known[label.casefold()] = meaning

    def kind(self, label: str) -> str | None:
        """The kind that a label names, None for one to ignore; raises `Unreadable`."""
        return self._meaning(label, tuple(KINDS), "kind")

    def relation(self, label: str) -> str | None:
        """The relation that a label names, None for one to ignore; raises `Unreadable`."""
        return self._meaning(label, RELATIONS, "relation")

    def _meaning(self, label: str, allowed: tuple[str, ...], what: str) -> str | None:
        meaning = self._known.get(label.casefold())
        if meaning == "ignore":
            return None
        if meaning not in allowed:
            shown = label[:80]
            raise Unreadable(
                f"{shown!r} is no {what}; map it with the option labels.", code=f"unknown_{what}"
            )
        return meaning


def _pairs(given: object) -> list[tuple[str, str]]:
    if isinstance(given, Mapping):
        return [(str(key), str(value)) for key, value in given.items()]
    pairs = [entry.partition(":") for entry in str(given).split(",") if entry]
    return [(label.strip(), meaning.strip()) for label, _, meaning in pairs]
