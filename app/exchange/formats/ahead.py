"""Work one step ahead: while the caller gets the next item, a thread works on this one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from app.kernel.turns import short_turns

Item = TypeVar("Item")
Made = TypeVar("Made")


def worked(items: Iterable[Item], work: Callable[[Item], Made]) -> Iterator[Made]:
    """What `work` makes of each item, in order.

    `items` are asked for in the caller's own thread, and one is in work at a time, so that
    two are held at most. Worth it only for work that lets go of the interpreter.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as helper, short_turns():
        under_way: Future[Made] | None = None
        for item in items:
            if under_way is not None:
                yield under_way.result()
            under_way = helper.submit(work, item)
        if under_way is not None:
            yield under_way.result()
