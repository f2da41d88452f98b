"""Who may call what: the container of the Web Annotation Protocol."""

from typing import Any

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import (
    OPEN,
    Ask,
    annotator,
    ask,
    author_or_manager,
    author_or_reviewer,
    line,
    viewer,
)

HERE, ONE = "/wa/<project>/", "/wa/<project>/<id:annotation_id>"


def _container(here: Scene) -> str:
    return f"//wa/{here.project.id}/"


def _told(here: Scene, end: int = 20) -> dict[str, Any]:
    selector = {"type": "TextPositionSelector", "start": 0, "end": end}
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "body": {"type": "TextualBody", "value": "claim", "purpose": "tagging"},
        "target": {"source": f"https://x.example/articles/{here.article}", "selector": selector},
    }


def _change(here: Scene, *body: Any) -> Ask:
    return ask(_container(here) + here.annotation(), *body, if_match="*")


WEB_ANNOTATION = (
    line("GET /ns/factmark.jsonld", OPEN, lambda _: ask("//ns/factmark.jsonld"), root=True),
    line(f"GET {HERE}", viewer, lambda here: ask(_container(here)), root=True),
    line(f"POST {HERE}", annotator, lambda here: ask(_container(here), _told(here)), root=True),
    line(f"GET {ONE}", viewer, lambda here: ask(_container(here) + here.annotation()), root=True),
    line(f"PUT {ONE}", author_or_reviewer, lambda here: _change(here, _told(here, 19)), root=True),
    line(f"DELETE {ONE}", author_or_manager, _change, root=True),
)
