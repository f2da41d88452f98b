"""Who may call what: projects and their members."""

from uuid import uuid4

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import SIGNED_IN, Ask, ask, line, manager, viewer


def _new_project(_scene: Scene) -> Ask:
    return ask("/projects", {"slug": f"p-{uuid4().hex}", "name": "New"})


def _read_member(scene: Scene) -> Ask:
    return ask(f"{scene.project.path}/members/{scene.team.viewer.id}")


def _member(scene: Scene) -> str:
    return f"{scene.project.path}/members/{scene.new_member().id}"


PROJECT = "/projects/<project>"
MEMBER = f"{PROJECT}/members/<id:user_id>"
PROJECTS = (
    line("POST /projects", SIGNED_IN, _new_project),
    line("GET /projects", SIGNED_IN, lambda _: ask("/projects")),
    line(f"GET {PROJECT}", viewer, lambda here: ask(here.project.path)),
    line(
        f"PATCH {PROJECT}",
        manager,
        lambda here: ask(here.project.path, {"name": "New"}, if_match="*"),
    ),
    line(f"DELETE {PROJECT}", manager, lambda here: ask(here.another_project().path, if_match="*")),
    line(f"GET {PROJECT}/members", viewer, lambda here: ask(f"{here.project.path}/members")),
    line(f"GET {PROJECT}/stats", viewer, lambda here: ask(f"{here.project.path}/stats")),
    line(f"GET {PROJECT}/stats/work", viewer, lambda here: ask(f"{here.project.path}/stats/work")),
    line(f"GET {MEMBER}", viewer, _read_member),
    line(f"PUT {MEMBER}", manager, lambda here: ask(_member(here), {"role": "reviewer"})),
    line(f"DELETE {MEMBER}", manager, lambda here: ask(_member(here), if_match="*")),
)
