"""What requests about evidence may ask for."""

from app.annotations.kinds import KINDS
from app.evidence.counting import AT_LEAST, LAYERS
from app.evidence.files import WRITERS
from app.links.schemas import RELATIONS
from app.web.fields import Choice, Count, Flag, IdField, PageQuery, Strict, Text, Whole


class Counted(Strict):
    """What counts as evidence."""

    state = Choice(
        tuple(AT_LEAST),
        load_default="draft",
        metadata={
            "description": "The least that a link and both its ends must have come to. What was "
            "rejected never counts."
        },
    )
    layer = Choice(
        LAYERS,
        load_default="settled",
        metadata={
            "description": "`settled`: what was adjudicated counts as its result, all else as "
            "annotators left it, so that nothing counts twice. The others: one layer as it is."
        },
    )


class Touching(Strict):
    """Only what has an annotation (an end, a member, a figure) that passes all of these."""

    annotation = IdField(says="With this annotation.")
    article = IdField(says="With one in this article.")
    kind = Choice(tuple(KINDS), says="With one of this kind.")
    tag = Text(100, low=1, says="With one of this tag, exactly.")
    source = Text(500, low=1, metadata={"description": "A source's id, name or alias."})
    topic = Text(200, low=1, says="With one on this topic, exactly.")


class EvidenceQuery(PageQuery, Counted):
    """How far to walk, and what counts."""

    depth = Whole(1, 4, text=True, load_default=1, says="How many links a chain has at most.")


class ClustersQuery(PageQuery, Counted, Touching):
    """Which groups."""

    min_size = Count(
        low=1, text=True, load_default=2, says="Only groups of so many members or more."
    )
    contradicted = Flag(text=True, says="Only groups that others contradict, or that none does.")
    most = Whole(
        0, 100, text=True, load_default=20, says="How many members of each group are named."
    )


class ConflictsQuery(PageQuery, Counted, Touching):
    """Which conflicts."""


class DiscrepanciesQuery(PageQuery, Counted, Touching):
    """Which discrepancies, and how near is near."""

    linked = Choice(
        ("corroborates", "contradicts", "none"),
        metadata={
            "description": "How the figures are linked. Without it: `corroborates` and `none`."
        },
    )
    tolerance = Whole(
        0,
        100,
        text=True,
        load_default=10,
        says="By how many percent an approximate figure may be off.",
    )


class GraphQuery(Counted, Touching):
    """Which links, and in which format."""

    format = Choice(tuple(WRITERS), load_default="json", says="As what the graph is written.")
    relation = Choice(RELATIONS, says="Only links of this relation.")
