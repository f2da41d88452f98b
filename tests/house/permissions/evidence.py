"""Who may call what: what the links of a project say together."""

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import Ask, ask, line, viewer

HERE = "/projects/<project>/evidence"


def _of_project(name: str, here: Scene) -> Ask:
    return ask(f"{here.project.path}/evidence/{name}")


EVIDENCE = (
    line(
        "GET /annotations/<id:annotation_id>/evidence",
        viewer,
        lambda here: ask(f"/annotations/{here.annotation()}/evidence"),
    ),
    line(
        f"GET {HERE}/clusters", viewer, lambda here: ask(f"{here.project.path}/evidence/clusters")
    ),
    line(
        f"GET {HERE}/conflicts",
        viewer,
        lambda here: ask(f"{here.project.path}/evidence/conflicts"),
    ),
    line(
        f"GET {HERE}/discrepancies",
        viewer,
        lambda here: ask(f"{here.project.path}/evidence/discrepancies"),
    ),
    line(f"GET {HERE}/graph", viewer, lambda here: ask(f"{here.project.path}/evidence/graph")),
)
