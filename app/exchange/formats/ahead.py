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
    two are held at most, beside what was made of one before. Worth it only for work that
    lets go of the interpreter.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as helper, short_turns():
        under_way: list[Future[Made]] = []
        for item in items:
            made = [future.result() for future in under_way]
            under_way = [helper.submit(work, item)]
            yield from made  # while the next is in work already
        yield from (future.result() for future in under_way)
