"""An import in steps, each of which stays: for what is so long that it may be broken off.

Done again, it finds what it brought in, leaves it as it is, and goes on behind it. So nothing
has to be remembered between the two but the database itself.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from app.exchange.imports.entries import Entry
from app.exchange.imports.reporting import Report
from app.exchange.imports.running import Advance
from app.exchange.imports.service import Asked, bring_in
from app.kernel.actor import Actor
from app.kernel.db import Database

STEP = 20_000
"""Things that come in together."""


def bring_in_by_steps(
    database: Database,
    enter: Callable[[], Actor],
    entries: Iterable[Entry],
    asked: Asked,
    advance: Advance,
) -> Iterator[Report]:
    """Import what is right, step by step; what each step did, once it stands.

    `enter` gives the actor anew for every step: the first may change the project's settings.
    """
    rest = iter(entries)
    for first in rest:
        step = chain([first], islice(rest, STEP - 1))
        yield bring_in(database, enter(), step, asked, advance)
