"""Who may call what: releases, which managers make and members read."""

from uuid import uuid4

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import Ask, ask, line, manager, viewer

HERE, ONE = "/projects/<project>/releases", "/releases/<id:release_id>"


def _release(scene: Scene) -> str:
    path = f"{scene.project.path}/releases"
    return f"/releases/{scene.made(scene.team.manager, path, _body())}"


def _body() -> dict[str, str]:
    return {"version": uuid4().hex}


def _diff(scene: Scene) -> Ask:
    path = _release(scene)
    return ask(f"{path}/diff", query={"against": path.removeprefix("/releases/")})


RELEASES = (
    line(f"POST {HERE}", manager, lambda here: ask(f"{here.project.path}/releases", _body())),
    line(f"GET {HERE}", viewer, lambda here: ask(f"{here.project.path}/releases")),
    line(f"GET {ONE}", viewer, lambda here: ask(_release(here))),
    line(f"GET {ONE}/files/<format>", viewer, lambda here: ask(f"{_release(here)}/files/ndjson")),
    line(f"GET {ONE}/diff", viewer, _diff),
    line(f"GET {ONE}/datasheet", viewer, lambda here: ask(f"{_release(here)}/datasheet")),
)
