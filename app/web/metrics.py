"""Counters and timings for Prometheus, over all the workers of a server."""

import os
from functools import cache

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

REQUESTS = Counter(
    "factmark_requests_total", "Requests answered.", ["method", "operation", "status"]
)
SECONDS = Histogram(
    "factmark_request_seconds",
    "Time from the first byte read to the answer begun.",
    ["operation"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Callers may send any word as a method; the others are counted together."""


@cache
def _counters(method: str, operation: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, operation, status), SECONDS.labels(operation)


def observe(method: str, operation: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    answered, took = _counters(method if method in METHODS else "other", operation, status)
    answered.inc()
    took.observe(seconds)


def exposition() -> bytes:
    """All metrics as text. Workers share them where PROMETHEUS_MULTIPROC_DIR is set."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return generate_latest(registry)
