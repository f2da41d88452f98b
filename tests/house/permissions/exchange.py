"""Who may call what: what goes out of projects and into them."""

from tests.house.permissions.words import ask, line, viewer

HERE = "/projects/<project>"
EXCHANGE = (line(f"GET {HERE}/changes", viewer, lambda here: ask(f"{here.project.path}/changes")),)
