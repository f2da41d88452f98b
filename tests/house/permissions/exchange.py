"""Who may call what: what goes out of projects and into them."""

from tests.house.permissions.words import OPEN, Ask, annotator, ask, line, viewer

HERE = "/projects/<project>"


def _import(path: str) -> Ask:
    line_ = b'{"type": "article", "title": "New", "text": "A text."}'
    return ask(f"{path}/import", data=line_, content_type="application/x-ndjson")


EXCHANGE = (
    line("GET /formats", OPEN, lambda _: ask("/formats")),
    line(f"GET {HERE}/export", viewer, lambda here: ask(f"{here.project.path}/export")),
    line(f"POST {HERE}/import", annotator, lambda here: _import(here.project.path)),
    line(f"GET {HERE}/changes", viewer, lambda here: ask(f"{here.project.path}/changes")),
    line(
        f"GET {HERE}/changes/export",
        viewer,
        lambda here: ask(f"{here.project.path}/changes/export"),
    ),
)
