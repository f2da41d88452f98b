"""Who may call what: review, comments, verdicts and assignments."""

from tests.house.permissions.scene import Scene
from tests.house.permissions.words import (
    SIGNED_IN,
    Ask,
    annotator,
    ask,
    author_or_manager,
    author_or_reviewer,
    line,
    reviewer,
    viewer,
)
from tests.support.api import Api

OTHERS_WORK = {"action": "approve"}
COMMENT = {"text": "Is this so?"}


def _submitted(scene: Scene) -> str:
    return f"/annotations/{_of_annotator(scene).annotation('submitted')}"


def _of_annotator(scene: Scene) -> Scene:
    """The same scene, where the work is an annotator's: nobody reviews their own."""
    return Scene(scene.app, scene.team, scene.team.annotator)


def _approved_claim(scene: Scene) -> str:
    path = _submitted(scene)
    answer = (
        Api(scene.app).as_(scene.team.reviewer).post(f"{path}/review", OTHERS_WORK, if_match="*")
    )
    assert answer.status_code == 200, answer.text
    return path


def _judged_claim(scene: Scene) -> str:
    path = _approved_claim(scene)
    body = {"label": "supported", "justification": "Two sources say so."}
    answer = Api(scene.app).as_(scene.team.reviewer).put(f"{path}/verdict", body, if_match="*")
    assert answer.status_code == 200, answer.text
    return path


def _comment(scene: Scene) -> str:
    path = f"/articles/{scene.article}/comments"
    return f"/comments/{scene.made(scene.author, path, COMMENT)}"


def _seat(scene: Scene) -> str:
    body = {"articles": [scene.article], "users": [scene.author.id], "task": "annotate"}
    path = f"{scene.project.path}/assignments"
    return f"/assignments/{scene.made(scene.team.manager, path, body)}"


def _assign(scene: Scene) -> Ask:
    body = {"articles": [scene.article], "users": [scene.team.annotator.id], "task": "annotate"}
    return ask(f"{scene.project.path}/assignments", body)


def _review_many(scene: Scene) -> Ask:
    body = {"action": "approve", "ids": [_submitted(scene).rpartition("/")[2]]}
    return ask(f"{scene.project.path}/review", {**body, "mode": "atomic"})


HERE = "/projects/<project>"
ARTICLE, ANNOTATION = "/articles/<id:article_id>", "/annotations/<id:annotation_id>"
LINK, SEAT = "/links/<id:link_id>", "/assignments/<id:assignment_id>"
DECISIONS = (
    line(
        f"POST {ANNOTATION}/review",
        reviewer,
        lambda here: ask(f"{_submitted(here)}/review", OTHERS_WORK, if_match="*"),
        "another's work",
    ),
    line(
        f"POST {LINK}/review",
        reviewer,
        lambda here: ask(
            f"/links/{_of_annotator(here).link(state='submitted')}/review",
            OTHERS_WORK,
            if_match="*",
        ),
        "another's work",
    ),
    line(
        f"GET {ANNOTATION}/reviews",
        viewer,
        lambda here: ask(f"/annotations/{here.annotation()}/reviews"),
    ),
    line(f"GET {LINK}/reviews", viewer, lambda here: ask(f"/links/{here.link()}/reviews")),
    line(f"POST {HERE}/review", reviewer, _review_many),
)
VERDICTS = (
    line(f"GET {ANNOTATION}/verdict", viewer, lambda here: ask(f"{_judged_claim(here)}/verdict")),
    line(
        f"PUT {ANNOTATION}/verdict",
        reviewer,
        lambda here: ask(
            f"{_approved_claim(here)}/verdict",
            {"label": "refuted", "justification": "One source denies it."},
            if_match="*",
        ),
    ),
    line(
        f"DELETE {ANNOTATION}/verdict",
        reviewer,
        lambda here: ask(f"{_judged_claim(here)}/verdict", if_match="*"),
    ),
)
COMMENTS = (
    line(
        f"POST {ANNOTATION}/comments",
        annotator,
        lambda here: ask(f"/annotations/{here.annotation()}/comments", COMMENT),
    ),
    line(
        f"POST {LINK}/comments",
        annotator,
        lambda here: ask(f"/links/{here.link()}/comments", COMMENT),
    ),
    line(
        f"POST {ARTICLE}/comments",
        annotator,
        lambda here: ask(f"/articles/{here.article}/comments", COMMENT),
    ),
    line(
        f"GET {ANNOTATION}/comments",
        viewer,
        lambda here: ask(f"/annotations/{here.annotation()}/comments"),
    ),
    line(f"GET {LINK}/comments", viewer, lambda here: ask(f"/links/{here.link()}/comments")),
    line(f"GET {ARTICLE}/comments", viewer, lambda here: ask(f"/articles/{here.article}/comments")),
    line("GET /comments/<id:comment_id>", viewer, lambda here: ask(_comment(here))),
    line(
        "PATCH /comments/<id:comment_id>",
        annotator,
        lambda here: ask(_comment(here), {"resolved": True}, if_match="*"),
        "resolved",
    ),
    line(
        "DELETE /comments/<id:comment_id>",
        author_or_manager,
        lambda here: ask(_comment(here), if_match="*"),
    ),
)
ASSIGNMENTS = (
    line(f"POST {HERE}/assignments", reviewer, _assign),
    line(f"GET {HERE}/assignments", viewer, lambda here: ask(f"{here.project.path}/assignments")),
    line(
        f"GET {HERE}/assignments/progress",
        viewer,
        lambda here: ask(f"{here.project.path}/assignments/progress"),
    ),
    line(
        f"POST {HERE}/assignments/next",
        annotator,
        lambda here: ask(f"{here.project.path}/assignments/next", {"task": "annotate"}),
    ),
    line("GET /me/assignments", SIGNED_IN, lambda _: ask("/me/assignments")),
    line(f"GET {SEAT}", viewer, lambda here: ask(_seat(here))),
    line(
        f"PATCH {SEAT}",
        author_or_reviewer,
        lambda here: ask(_seat(here), {"state": "in_progress"}, if_match="*"),
    ),
    line(f"DELETE {SEAT}", reviewer, lambda here: ask(_seat(here), if_match="*")),
)


def _settle(scene: Scene) -> Ask:
    theirs = _of_annotator(scene)
    body = {"decisions": [{"accept": [theirs.annotation()]}]}
    return ask(f"/articles/{theirs.article}/adjudication", body)


def _reopen(scene: Scene) -> Ask:
    path = f"/articles/{scene.article}/adjudication"
    answer = Api(scene.app).as_(scene.team.reviewer).post(path, {"done": True})
    assert answer.status_code == 201, answer.text
    return ask(f"{path}/reopen", {})


ADJUDICATION = (
    line(
        f"GET {ARTICLE}/comparison",
        viewer,
        lambda here: ask(f"/articles/{here.article}/comparison"),
    ),
    line(
        f"GET {ARTICLE}/adjudication",
        viewer,
        lambda here: ask(f"/articles/{here.article}/adjudication"),
    ),
    line(f"POST {ARTICLE}/adjudication", reviewer, _settle),
    line(f"POST {ARTICLE}/adjudication/reopen", reviewer, _reopen),
    line(f"GET {HERE}/agreement", viewer, lambda here: ask(f"{here.project.path}/agreement")),
    line(
        f"GET {HERE}/review-queue",
        reviewer,
        lambda here: ask(f"{here.project.path}/review-queue"),
    ),
)
