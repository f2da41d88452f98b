"""What a project says of itself, taken over by an empty project."""

from typing import Any

from msgspec import UNSET

from app.exchange.imports.frame import Frame
from app.exchange.imports.stores import Store
from app.exchange.imports.tables import Json
from app.exchange.native.lines import ProjectLine
from app.projects.schemas import ProjectEdit
from app.projects.settings import DEFAULTS
from app.web.bodies import load

_TAKEN = ("name", "description", "guidelines", "settings")


def take_over(frame: Frame, line: ProjectLine, store: Store) -> Json | None:
    """The settings that hold from now on, where the project took them over.

    Only an empty project does, and only from a manager: it is being restored, or made from
    another. Its slug stays its own. Raises a refusal of the API's for what no project may say.
    """
    if not (frame.keeps and store.empty()):
        return None
    given: Json = {name: v for name in _TAKEN if (v := getattr(line, name)) is not UNSET}
    said: Json = load(ProjectEdit, given)
    if "settings" in said:
        # In the order of the line, so that they go out again as they came.
        said["settings"] = {**{n: said["settings"][n] for n in line.settings}, **_missing(said)}
    if said:
        version = store.take_over({**said, "updated_at": frame.begun})
        row: Json = {"id": frame.project_id, "version": version}
        frame.add_change("project", row, said)
    settings: Any = said.get("settings")
    return settings if isinstance(settings, dict) else None


def _missing(said: Json) -> Json:
    return {name: value for name, value in DEFAULTS.items() if name not in said["settings"]}
