"""Who may call what: what goes out of projects and into them."""

from tests.house.permissions.words import OPEN, ask, line, viewer

HERE = "/projects/<project>"
EXCHANGE = (
    line("GET /formats", OPEN, lambda _: ask("/formats")),
    line(f"GET {HERE}/export", viewer, lambda here: ask(f"{here.project.path}/export")),
    line(f"GET {HERE}/changes", viewer, lambda here: ask(f"{here.project.path}/changes")),
    line(
        f"GET {HERE}/changes/export",
        viewer,
        lambda here: ask(f"{here.project.path}/changes/export"),
    ),
)
