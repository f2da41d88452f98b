"""Who sends too much hears so from the production server, and not that the line broke."""

from http.client import HTTPConnection
from pathlib import Path

from app.web.application import Application
from bench.servers import serve

MIB = 1024 * 1024


def test_who_sends_too_much_is_answered(app: Application, tmp_path: Path) -> None:
    small = {"MAX_BODY_BYTES": str(4 * MIB)}
    with serve(app.config["DATABASE_URL"], tmp_path, small) as server:
        for size in (5 * MIB, 15 * MIB):
            caller = HTTPConnection(*server.address, timeout=30)
            caller.request(
                "POST",
                "/api/v1/auth/login",
                b"x" * size,  # sent whole before the answer is looked for
                {"Content-Type": "application/json"},
            )
            answer = caller.getresponse()
            assert (answer.status, b"MAX_BODY_BYTES" in answer.read()) == (413, True)
            caller.close()
