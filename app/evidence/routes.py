"""The endpoints of evidence."""

from typing import Any

from flask import Blueprint, Response, current_app

from app.annotations.queries import DOOR as ANNOTATION
from app.evidence import asking, schemas, service, streaming
from app.evidence.files import WRITERS
from app.evidence.policy import RULES
from app.kernel.db import database
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.web.attachments import attachment
from app.web.bodies import page_ask
from app.web.operations import credential, operation
from app.web.replies import reply_page

Json = dict[str, Any]
routes = Blueprint("evidence", __name__, url_prefix="/api/v1")

COUNTS = """\
A link counts with both its ends or not at all. Nothing counts that was rejected, that marks an
earlier text of its article, or that the caller may not see; drafts count unless `state` asks for
more. By default (`layer=settled`) what was adjudicated counts as its result, all else as annotators
left it, so that nothing counts twice."""

EVIDENCE = f"""\
Everything that chains of at most `depth` links lead to, the nearest first. A chain supports as
long as all its links corroborate, and opposes with one contradiction in it; it stops before a
second, for what contradicts a contradiction need not agree. `stance` is that of the shortest
chain, `disputed` where two as short differ; `contested` says that a chain of the other sign leads
there too. `independent` is false where an item shares an origin with the annotation, and `shares`
says how: the article, its publisher, a credited text or a reported source of the same name, or
people's word that it is `same_origin`; a direct link that says `independent` outweighs all but
that word. Items with the same `origin` count once in `independent_support` and
`independent_opposition`; 0 is the annotation's own origin. `counted_as` is the adjudicated
annotation that this one went into, itself, or null where it does not count. At most
{service.MOST_REACHED} links are followed a hop; `complete` says whether that was all. Every page
walks anew. {COUNTS}"""

CLUSTERS = f"""\
Groups of annotations that corroboration joins, over however many links, the largest first; with
the groups that contradict them, those with most links first, and how many contradictions lie
inside (`conflicts`). `id` is that of the oldest member. `origins` tells how many distinct origins
the members have, and `articles` how many articles they are in; both are null past
{service.MOST_COUNTED} members a page. `most` is how many members, opposing groups and links to
list. The filters choose groups with a member that passes all of them; the groups stay whole.
Every page reads every link of the project once, a second for 100,000. {COUNTS}"""

CONFLICTS = f"""\
Contradictions between annotations that corroboration joins, so that one of these links is wrong
or worth a second look, in the order in which they were made; each with a shortest chain of
corroborations between its ends. `chain` is null where that would be longer than 100 links, or
took too long to find. The filters choose conflicts with an end that passes all of them. Every
page reads every link of the project once. {COUNTS}"""

DISCREPANCIES = f"""\
Pairs of figures that cannot both hold: those that a link says corroborate each other, and those
that no link joins but that measure the same (`measured`, folded) in a unit of one base. With
`linked=contradicts` those that are known to. Figures that overlap in an article are one place.
A figure allows the values in `reads_as`: exact means give or take half of the last digit written
(a whole number of things counted stands as it is), approx give or take `tolerance` percent, the
others all values beyond. Two figures cannot both hold when no value is in both ranges, and
`as_of` dates meet or one is missing (`dates` says which); forecasts and targets are compared with
their like only. Vague figures and units that are not certain to convert are passed over. Every
page reads every figure of the project once; `complete` is false where a measure has more than
1,000 different values, and only those were compared. {COUNTS}"""

GRAPH = f"""\
Streams all links that count and the annotations they join, from one snapshot, in the order of
ids: node-link JSON, GraphML, or DOT with contradictions dashed. The filters choose links with an
end that passes all of them. {COUNTS}"""


@routes.get("/annotations/<id:annotation_id>/evidence")
@operation(
    "What supports and opposes an annotation, and how independently",
    query=asking.EvidenceQuery,
    answer=schemas.EvidenceOut,
    page=True,
    versioned=True,
    description=EVIDENCE,
)
def of_annotation(annotation_id: str, query: Json) -> Response:
    actor = enter(credential(), ANNOTATION, annotation_id)
    version, page, members = service.evidence_of(actor, annotation_id, query, page_ask(query))
    return reply_page(page, version=version, **members)


@routes.get("/projects/<project>/evidence/clusters")
@operation(
    "Groups held together by corroboration, and what contradicts them",
    query=asking.ClustersQuery,
    answer=schemas.ClusterPage,
    page=True,
    description=CLUSTERS,
)
def clusters(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    return reply_page(service.clusters(actor, query, page_ask(query)))


@routes.get("/projects/<project>/evidence/conflicts")
@operation(
    "Contradictions between what corroboration joins",
    query=asking.ConflictsQuery,
    answer=schemas.ConflictPage,
    page=True,
    description=CONFLICTS,
)
def conflicts(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    return reply_page(service.conflicts(actor, query, page_ask(query)))


@routes.get("/projects/<project>/evidence/discrepancies")
@operation(
    "Figures that cannot both hold",
    query=asking.DiscrepanciesQuery,
    answer=schemas.DiscrepancyPage,
    page=True,
    description=DISCREPANCIES,
)
def discrepancies(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    page, complete = service.discrepancies(actor, query, page_ask(query))
    return reply_page(page, complete=complete)


@routes.get("/projects/<project>/evidence/graph")
@operation(
    "The whole signed graph, streamed",
    query=asking.GraphQuery,
    answer=schemas.GraphOut,
    raw_answer=tuple(writer.media_type for name, writer in WRITERS.items() if name != "json"),
    description=GRAPH,
)
def graph(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "read", actor)
    writer = WRITERS[query["format"]]
    seconds = current_app.config["BULK_TIMEOUT_SECONDS"]
    return attachment(
        lambda held: streaming.begin(database(), actor, query, seconds=seconds, held=held),
        writer.media_type,
        f"{actor.project.slug}-evidence.{writer.suffix}",
    )
