"""The lines of native NDJSON as typed structs: what may stand where, checked while decoding.

A line is one JSON object; its `type` says which of these it is. `id` is the id the thing has
where it was first made; a line without one brings something new. References name either such
an id or an external id. What a project has already is found by the id it has there, too. Times
are RFC 3339. Unknown members are refused.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

State = Literal["draft", "submitted", "approved", "rejected"]
Layer = Literal["annotator", "adjudicated"]
Confidence = Literal["low", "medium", "high"]
ExternalId = Annotated[str, Meta(min_length=1, max_length=200)]
Prose = Annotated[str, Meta(max_length=10_000)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Name = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]


class Author(Struct, forbid_unknown_fields=True, gc=False):
    """Who made it; the name is used where the id is unknown."""

    id: str
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class Kept(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What every thing keeps when it is brought in by a manager."""

    id: str | None = None
    author: Author | None = None
    version: Version = 1
    created_at: str | None = None
    updated_at: str | None = None


class Revised(Struct, forbid_unknown_fields=True, gc=False):
    """Who gave an article its present text, and when, where that was not its first."""

    by: Author | None = None
    at: str | None = None


class ProjectLine(Struct, tag_field="type", tag="project", forbid_unknown_fields=True, gc=False):
    """What the project says of itself; an empty project takes it over."""

    format: Literal["factmark"] = "factmark"
    version: Literal[1] = 1
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    guidelines: str | UnsetType = UNSET
    settings: Any = UNSET


class SourceLine(Kept, tag_field="type", tag="source", kw_only=True, gc=False):
    """Someone or something that attributions name, with its other names.

    Merging may have given it any number of these, so there is no bound here.
    """

    name: Name
    source_type: str | None = None
    aliases: list[Name] = []


class ArticleLine(Kept, tag_field="type", tag="article", kw_only=True, gc=False):
    """An article with its text. What `ArticleIn` describes is checked by it."""

    title: Any = UNSET
    text: Any = UNSET
    text_sha256: str | None = None
    external_id: Any = UNSET
    language: Any = UNSET
    source: Any = UNSET
    regions: Any = UNSET
    meta: Raw = Raw()
    state: Literal["open", "adjudicated"] = "open"
    revision: Version = 1
    revised: Revised | None = None


class RevisionLine(Kept, tag_field="type", tag="revision", kw_only=True, gc=False):
    """An earlier text of an article, after the article's own line."""

    article_id: str | None = None
    article_external_id: ExternalId | None = None
    number: Version
    text: Any = UNSET
    text_sha256: str | None = None


class Piece(Struct, forbid_unknown_fields=True, gc=False):
    """A stretch of text, as offsets, a quote, or both."""

    start: int | None = None
    end: int | None = None
    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    unit: Literal["codepoint", "utf16", "byte"] | None = None
    fragments: "list[Piece] | None" = None


Pieces = Annotated[list[Piece], Meta(max_length=64)]


class Parts(Struct, forbid_unknown_fields=True, gc=False):
    """The parts of an attribution."""

    source: Pieces = []
    cue: Pieces = []
    content: Pieces = []
    antecedent: Pieces = []


class VerdictMember(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """What a reviewer found of a claim, at which version of it."""

    label: Literal["supported", "refuted", "not_enough_evidence", "conflicting"]
    justification: Annotated[str, Meta(min_length=1, max_length=20_000, pattern=r"\S")]
    by: Author | None = None
    version: Version = 1
    created_at: str | None = None
    updated_at: str | None = None


class AnnotationLine(Kept, tag_field="type", tag="annotation", kw_only=True, gc=False):
    """A tagged span; its attributes are checked apart, by its kind."""

    article_id: str | None = None
    article_external_id: ExternalId | None = None
    kind: Literal["claim", "figure", "attribution"]
    target: Piece
    parts: Parts | None = None
    attributes: Raw = Raw()
    tags: (
        Annotated[list[Annotated[str, Meta(min_length=1, max_length=100)]], Meta(max_length=50)]
        | None
    ) = None
    note: Prose | None = None
    confidence: Confidence | None = None
    origin: Literal["human", "machine", "import"] = "human"
    score: Annotated[float, Meta(ge=0, le=1)] | None = None
    state: State = "draft"
    layer: Layer = "annotator"
    external_id: ExternalId | None = None
    verdict: VerdictMember | None = None
    revision: Version | None = None
    anchoring: Literal["sure", "uncertain", "orphaned"] = "sure"
    anchoring_score: Annotated[float, Meta(ge=0, le=1)] | None = None


class LinkLine(Kept, tag_field="type", tag="link", kw_only=True, gc=False):
    """A link between two annotations of earlier lines or of the project."""

    from_: str | None = field(default=None, name="from")
    to: str | None = None
    from_external_id: ExternalId | None = None
    to_external_id: ExternalId | None = None
    relation: Literal["corroborates", "contradicts"]
    basis: (
        Literal[
            "same_statement",
            "numeric",
            "negation",
            "temporal",
            "lexical",
            "factive",
            "world_knowledge",
        ]
        | None
    ) = None
    independence: Literal["independent", "same_origin", "unknown"] | None = None
    rationale: Prose | None = None
    confidence: Confidence | None = None
    group: ExternalId | None = None
    state: State = "draft"
    layer: Layer = "annotator"
    external_id: ExternalId | None = None


Line = ProjectLine | SourceLine | ArticleLine | RevisionLine | AnnotationLine | LinkLine
DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
