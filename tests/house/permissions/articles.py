"""Who may call what: articles, annotations, sources and links."""

from uuid import uuid4

from tests.house.permissions.scene import TEXT, Scene
from tests.house.permissions.words import (
    Ask,
    annotator,
    ask,
    author_or_manager,
    author_or_reviewer,
    line,
    manager,
    reviewer,
    viewer,
)


def _new_text(scene: Scene) -> Ask:
    article = scene.made(scene.team.manager, f"{scene.project.path}/articles", NEW)
    return ask(f"/articles/{article}/text", {"text": f"{TEXT} More."}, if_match="*")


def _tag(scene: Scene) -> Ask:
    body = {"kind": "claim", "target": {"start": 0, "end": 8}}
    return ask(f"/articles/{scene.article}/annotations", body)


def _restore(scene: Scene) -> Ask:
    return ask(f"/annotations/{scene.annotation()}/restore", {"version": 1})


def _new_speaker(scene: Scene) -> Ask:
    return ask(f"{scene.project.path}/sources", {"name": f"Source {uuid4().hex}"})


def _rename_speaker(scene: Scene) -> Ask:
    path = f"/sources/{scene.speaker(uuid4().hex)}"
    return ask(path, {"name": f"Source {uuid4().hex}"}, if_match="*")


def _merge(scene: Scene) -> Ask:
    one, other = scene.speaker(uuid4().hex), scene.speaker(uuid4().hex)
    return ask(f"/sources/{one}/merge", {"into": other})


def _edit(path: str) -> Ask:
    return ask(path, {"note": "New"}, if_match="*")


NEW = {"title": "New", "text": TEXT}
ARTICLE, ANNOTATION = "/articles/<id:article_id>", "/annotations/<id:annotation_id>"
SOURCE, LINK = "/sources/<id:source_id>", "/links/<id:link_id>"
HERE = "/projects/<project>"
ARTICLES = (
    line(
        f"POST {HERE}/articles",
        annotator,
        lambda here: ask(f"{here.project.path}/articles", {"title": "New", "text": TEXT}),
    ),
    line(f"GET {HERE}/articles", viewer, lambda here: ask(f"{here.project.path}/articles")),
    line(f"GET {ARTICLE}", viewer, lambda here: ask(f"/articles/{here.article}")),
    line(
        f"PATCH {ARTICLE}",
        annotator,
        lambda here: ask(f"/articles/{here.article}", {"title": "New"}, if_match="*"),
    ),
    line(f"DELETE {ARTICLE}", manager, lambda here: ask(f"/articles/{here.article}", if_match="*")),
    line(f"PUT {ARTICLE}/text", manager, _new_text),
    line(
        f"GET {ARTICLE}/revisions", viewer, lambda here: ask(f"/articles/{here.article}/revisions")
    ),
    line(
        f"GET {ARTICLE}/revisions/<int:number>",
        viewer,
        lambda here: ask(f"/articles/{here.article}/revisions/1"),
    ),
)
ANNOTATIONS = (
    line(f"POST {ARTICLE}/annotations", annotator, _tag),
    line(
        f"GET {ARTICLE}/annotations",
        viewer,
        lambda here: ask(f"/articles/{here.article}/annotations"),
    ),
    line(f"GET {HERE}/annotations", viewer, lambda here: ask(f"{here.project.path}/annotations")),
    line(f"GET {ANNOTATION}", viewer, lambda here: ask(f"/annotations/{here.annotation()}")),
    line(
        f"PATCH {ANNOTATION}",
        author_or_reviewer,
        lambda here: _edit(f"/annotations/{here.annotation()}"),
    ),
    line(
        f"DELETE {ANNOTATION}",
        author_or_manager,
        lambda here: ask(f"/annotations/{here.annotation()}", if_match="*"),
    ),
    line(
        f"GET {ANNOTATION}/history",
        viewer,
        lambda here: ask(f"/annotations/{here.annotation()}/history"),
    ),
    line(f"POST {ANNOTATION}/restore", author_or_reviewer, _restore),
)
SOURCES = (
    line(f"POST {HERE}/sources", annotator, _new_speaker),
    line(f"GET {HERE}/sources", viewer, lambda here: ask(f"{here.project.path}/sources")),
    line(f"GET {SOURCE}", viewer, lambda here: ask(f"/sources/{here.speaker(uuid4().hex)}")),
    line(f"PATCH {SOURCE}", annotator, _rename_speaker),
    line(f"POST {SOURCE}/merge", reviewer, _merge),
    line(
        f"GET {SOURCE}/statements",
        viewer,
        lambda here: ask(f"/sources/{here.speaker(uuid4().hex)}/statements"),
    ),
)
LINKS = (
    line(
        f"POST {HERE}/links",
        annotator,
        lambda here: ask(f"{here.project.path}/links", dict(here.ends())),
    ),
    line(f"GET {HERE}/links", viewer, lambda here: ask(f"{here.project.path}/links")),
    line(
        f"GET {ANNOTATION}/links",
        viewer,
        lambda here: ask(f"/annotations/{here.annotation()}/links"),
    ),
    line(f"GET {LINK}", viewer, lambda here: ask(f"/links/{here.link()}")),
    line(
        f"PATCH {LINK}",
        author_or_reviewer,
        lambda here: ask(f"/links/{here.link()}", {"rationale": "New"}, if_match="*"),
    ),
    line(
        f"DELETE {LINK}",
        author_or_manager,
        lambda here: ask(f"/links/{here.link()}", if_match="*"),
    ),
)
