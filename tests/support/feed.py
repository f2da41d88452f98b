"""The feed as tests read it."""

import time
from typing import Any

from tests.support.api import Api

Json = dict[str, Any]


def told_with(reader: Api, project_path: str, last: str) -> list[Json]:
    """The changes that the reader is told of, once a change of the thing `last` is among them.

    On PostgreSQL any transaction that runs on the server, another test's too, holds the telling
    back for a moment.
    """
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        answer = reader.get(f"{project_path}/changes", query={"limit": 500})
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json["items"]
        if last in [item["id"] for item in items]:
            return items
        time.sleep(0.02)
    raise AssertionError("it was never told")
