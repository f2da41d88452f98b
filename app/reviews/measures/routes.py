"""The endpoint of agreement."""

from typing import Any

from flask import Blueprint, Response

from app.projects.doors import enter_project
from app.reviews.measures.schemas import AgreementOut, AgreementQuery
from app.reviews.measures.service import agreement
from app.web.operations import credential, operation
from app.web.replies import reply

routes = Blueprint("agreement", __name__, url_prefix="/api/v1")

ABOUT = """\
Over every article that two coders or more worked on: who annotated its present text, or is
done with an assignment to. Adjudicated layers do not count. Of annotations: `span_f1_exact`
and `span_f1_overlap` pooled over every two coders, `cohen_kappa` (the mean over every two),
`fleiss_kappa` and `alpha_nominal` of the `label` (the kind, or an attribute) of units that two
coders or more marked, `alpha_unitizing` of places and kinds, and `gamma`, which is only
computed if named, over everything alone, and null (`too_large`) past ten million steps of
aligning, some ten seconds' work: then narrow `articles`. Of links: `link_f1_exact` (same
units, same relation), `link_f1_ends` (same units), and kappa and alpha of the relation; a link
counts at the article that came first. Kappa sees only what both marked: read it beside F1 or
unitizing alpha. `articles` are the `top` with the greatest share of units that coders differ
on; `disagreements` lists the first such units, in the order of articles and text; narrow
`articles` to see others, or read an article's comparison. The answer is computed anew from all
rows each time, in memory that does not grow with them. In a blind project annotators may not
read it (403 `blind`)."""


@routes.get("/projects/<project>/agreement")
@operation(
    "How much the annotators agree",
    query=AgreementQuery,
    answer=AgreementOut,
    description=ABOUT,
)
def of_project(project: str, query: dict[str, Any]) -> Response:
    return reply(agreement(enter_project(credential(), project), query))
