"""The physical limit: a bare driver doing the same work, in two processes like the server's."""

import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from bench.load import WARM_UP
from bench.samples import Sample

Step = Callable[[], object]
Job = Callable[..., tuple[Step, Callable[[], object]]]
"""Opens a connection; gives the step to repeat and what closes the connection again.

A job runs in processes of its own, so it must stand at the top level of a module.
"""
PROCESSES = 2


def run(job: Job, arguments: tuple[Any, ...], callers: int, seconds: float) -> Sample:
    """Repeat the job's step for so many seconds over `callers` connections."""
    context = multiprocessing.get_context("spawn")
    processes = min(PROCESSES, callers)
    barrier = context.Barrier(processes)
    results: Any = context.Queue()
    shares = [callers // processes + (n < callers % processes) for n in range(processes)]
    started = [
        context.Process(target=_process, args=(job, arguments, share, seconds, barrier, results))
        for share in shares
    ]
    for process in started:
        process.start()
    sample = Sample(seconds)
    for _ in started:
        latencies, errors = results.get(timeout=seconds + 60)
        sample.latencies += latencies
        sample.errors += errors
    for process in started:
        process.join()
    return sample


def _process(
    job: Job, arguments: tuple[Any, ...], callers: int, seconds: float, barrier: Any, results: Any
) -> None:
    opened = [job(*arguments) for _ in range(callers)]
    samples = [Sample(seconds) for _ in opened]
    barrier.wait(60)
    threads = [
        threading.Thread(target=_repeat, args=(step, seconds, sample))
        for (step, _), sample in zip(opened, samples, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for _, close in opened:
        close()
    errors: Counter[str] = sum((sample.errors for sample in samples), Counter())
    results.put(([each for sample in samples for each in sample.latencies], errors))


def _repeat(step: Step, seconds: float, sample: Sample) -> None:
    counted_from = time.perf_counter() + WARM_UP
    until = counted_from + seconds
    while (began := time.perf_counter()) < until:
        try:
            step()
        except Exception as error:  # whatever a driver raises is counted, not hidden
            sample.errors[type(error).__name__] += 1
            continue
        ended = time.perf_counter()
        if began >= counted_from and ended <= until:
            sample.latencies.append(ended - began)
