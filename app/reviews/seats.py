"""The life of a seat: what an assignment is, and from which state it may go to which. Pure."""

from collections.abc import Mapping

TASKS = ("annotate", "review")
STATES = ("open", "in_progress", "done", "skipped")

CHANGES: Mapping[str, tuple[str, ...]] = {
    "open": ("in_progress", "done", "skipped"),
    "in_progress": ("open", "in_progress", "done", "skipped"),
    "done": ("open", "in_progress"),
    "skipped": ("open", "in_progress"),
}
"""From a state to those that may follow. To go on being in progress renews a claim."""

NOBODYS: Mapping[str, tuple[str, ...]] = {"open": ("skipped",), "skipped": ("open",)}
"""The same for a seat that nobody has taken: no one is there to do it."""


class IllegalChange(ValueError):
    """The state does not allow the change; `legal` are those that it allows."""

    def __init__(self, state: str, wanted: str, legal: tuple[str, ...]) -> None:
        super().__init__(f"From {state} it cannot go to {wanted}, only to {', '.join(legal)}.")
        self.state = state
        self.legal = legal


def check_change(state: str, wanted: str, *, taken: bool) -> None:
    """Refuse a change that the seat's state does not allow; `taken` when it has a person.

    Raises:
        IllegalChange: with the states that may follow.
    """
    legal = (CHANGES if taken else NOBODYS)[state]
    if wanted not in legal:
        raise IllegalChange(state, wanted, legal)
