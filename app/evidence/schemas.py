"""What goes out of evidence."""

from marshmallow import fields

from app.annotations.states import STATES
from app.links.schemas import INDEPENDENCE, RELATIONS, LinkOut
from app.web.fields import Choice, Count, Flag, IdField, Strict, Whole

STANCES = ("supports", "opposes", "disputed")
SHARED = ("article", "credited_source", "publisher", "same_origin", "source")


class SightOut(Strict):
    """An annotation, enough to show it."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    exact = fields.String(required=True)
    state = Choice(STATES, required=True)
    layer = Choice(("annotator", "adjudicated"), required=True)


class WhereOut(Strict):
    """The article that an annotation is in, and where that comes from."""

    id = IdField(required=True)
    title = fields.String(required=True)
    publisher = fields.String(required=True, allow_none=True)
    credited_source = fields.String(required=True, allow_none=True)
    published_on = fields.String(required=True, allow_none=True)


class ShownOut(Strict):
    """An annotation in its article."""

    annotation = fields.Nested(SightOut, required=True)
    article = fields.Nested(WhereOut, required=True)


class CreditedOut(Strict):
    """Who is reported to say it."""

    id = IdField(required=True, allow_none=True)
    name = fields.String(required=True)


class ChainStepOut(Strict):
    """A link of a chain, and the annotation it leads to."""

    link = IdField(required=True)
    relation = Choice(RELATIONS, required=True)
    independence = Choice(INDEPENDENCE, required=True, allow_none=True)
    to = IdField(required=True)


class ChainOut(Strict):
    """A shortest chain of links of one sign, and what it adds up to."""

    stance = Choice(STANCES[:2], required=True)
    steps = fields.List(fields.Nested(ChainStepOut), required=True)


class EvidenceItemOut(ShownOut):
    """An annotation that supports or opposes the one asked about."""

    sources = fields.List(fields.Nested(CreditedOut), required=True)
    stance = Choice(STANCES, required=True)
    hops = Whole(1, 4, required=True)
    contested = Flag(required=True, says="Whether a chain of the other sign leads here too.")
    independent = Flag(required=True)
    shares = fields.List(
        Choice(SHARED),
        required=True,
        metadata={"description": "How it shares an origin with the annotation asked about."},
    )
    origin = Count(required=True)
    chains = fields.List(fields.Nested(ChainOut), required=True)


class EvidenceOut(ShownOut):
    """What supports and opposes an annotation."""

    annotation_id = IdField(required=True)
    counted_as = IdField(required=True, allow_none=True)
    depth = Whole(1, 4, required=True)
    independent_support = Count(required=True)
    independent_opposition = Count(required=True)
    supporting = Count(required=True)
    opposing = Count(required=True)
    disputed = Count(required=True)
    complete = Flag(required=True, says="False where only the first links of a hop were followed.")
    sources = fields.List(fields.Nested(CreditedOut), required=True)
    items = fields.List(fields.Nested(EvidenceItemOut), required=True)
    next = fields.String(required=True, allow_none=True)


class OpposingOut(Strict):
    """A group that contradicts another, by which links."""

    cluster = IdField(required=True)
    size = Count(low=1, required=True)
    links = fields.List(IdField(), required=True)


class ClusterOut(Strict):
    """What corroboration holds together; its id is that of its oldest member."""

    id = IdField(required=True)
    size = Count(low=1, required=True)
    articles = Count(low=1, required=True, allow_none=True)
    origins = Count(low=1, required=True, allow_none=True)
    conflicts = Count(required=True)
    contradicted_by = Count(required=True)
    members = fields.List(fields.Nested(ShownOut), required=True)
    contradictions = fields.List(fields.Nested(OpposingOut), required=True)


class ClusterPage(Strict):
    """A page of groups."""

    items = fields.List(fields.Nested(ClusterOut), required=True)
    next = fields.String(required=True, allow_none=True)


class ConflictStepOut(ShownOut):
    """An annotation of a chain, and the corroboration that leads to it; none to the first."""

    link = IdField(required=True, allow_none=True)


class ConflictOut(Strict):
    """A contradiction between annotations that corroboration joins."""

    contradiction = fields.Nested(LinkOut, required=True)
    cluster = IdField(required=True)
    cluster_size = Count(low=2, required=True)
    ends = fields.List(fields.Nested(ShownOut), required=True)
    chain = fields.List(fields.Nested(ConflictStepOut), required=True, allow_none=True)


class ConflictPage(Strict):
    """A page of conflicts."""

    items = fields.List(fields.Nested(ConflictOut), required=True)
    next = fields.String(required=True, allow_none=True)


class RangeOut(Strict):
    """The values that a figure allows, in the base of its unit; null is without end."""

    unit = fields.String(required=True)
    low = fields.String(required=True, allow_none=True)
    high = fields.String(required=True, allow_none=True)
    low_included = Flag(required=True)
    high_included = Flag(required=True)


class DatedOut(Strict):
    """A date with its precision."""

    value = fields.String(required=True)
    precision = fields.String(required=True)


class DifferingOut(ShownOut):
    """A figure as it was tagged, and the values that it allows."""

    value = fields.String(required=True, allow_none=True)
    value_max = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True, allow_none=True)
    comparator = fields.String(required=True, allow_none=True)
    scale = fields.String(required=True, allow_none=True)
    measured = fields.String(required=True, allow_none=True)
    as_of = fields.Nested(DatedOut, required=True, allow_none=True)
    said_on = fields.Nested(DatedOut, required=True, allow_none=True)
    status = fields.String(required=True, allow_none=True)
    reads_as = fields.Nested(RangeOut, required=True, allow_none=True)


class DiscrepancyOut(Strict):
    """Two figures that cannot both hold."""

    linked = Choice(("corroborates", "contradicts", "none"), required=True)
    link = IdField(required=True, allow_none=True)
    dates = Choice(("same", "overlapping", "unknown"), required=True)
    figures = fields.List(fields.Nested(DifferingOut), required=True)


class DiscrepancyPage(Strict):
    """A page of discrepancies."""

    items = fields.List(fields.Nested(DiscrepancyOut), required=True)
    next = fields.String(required=True, allow_none=True)
    complete = Flag(required=True, says="False where one measure has too many different values.")


class GraphNodeOut(SightOut):
    """A node of the graph: an annotation, and its article by id, title and publisher."""

    article_id = IdField(required=True)
    article = fields.String(required=True)
    publisher = fields.String(required=True, allow_none=True)


class GraphLinkOut(Strict):
    """A link of the graph: `sign` is 1 or -1."""

    key = IdField(required=True)
    source = IdField(required=True)
    target = IdField(required=True)
    relation = Choice(RELATIONS, required=True)
    sign = Whole(-1, 1, required=True)
    independence = Choice(INDEPENDENCE, required=True, allow_none=True)


class GraphOut(Strict):
    """The signed graph as node-link data."""

    directed = Flag(required=True)
    multigraph = Flag(required=True)
    nodes = fields.List(fields.Nested(GraphNodeOut), required=True)
    links = fields.List(fields.Nested(GraphLinkOut), required=True)
