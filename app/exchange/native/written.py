"""What the lines of native NDJSON hold, member by member."""

from app.articles.presenting import SOURCE
from app.exchange.native.notation import Inner, Member, Part, optional


def _known_as(table: str) -> str:
    return f"coalesce({table}.original_id, {table}.id)"


def _author(table: str = "users", name: str = "author") -> Inner:
    who = (Member("id", "id", f"{table}.id"), Member("name", "text", f"{table}.name"))
    return Inner(name, who)


def _times(table: str) -> tuple[Part, ...]:
    """`updated_at` is told where something was updated."""
    changed = f"{table}.updated_at <> {table}.created_at"
    return (
        Member("version", "whole", f"{table}.version"),
        Member("created_at", "moment", f"{table}.created_at"),
        Member("updated_at", "moment", f"{table}.updated_at", changed),
    )


def _filled(column: str, empty: str) -> str:
    return f"CAST({column} AS TEXT) <> '{empty}'"


_PUBLISHED = ", ".join(f"articles.{name}" for name in SOURCE)

ARTICLE: tuple[Part, ...] = (
    Member("id", "id", _known_as("articles")),
    optional("external_id", "text", "articles.external_id"),
    Member("title", "text", "articles.title"),
    Member("text", "text", "revisions.text"),
    Member("text_sha256", "word", "revisions.sha256"),
    optional("language", "text", "articles.language"),
    Inner(
        "source",
        tuple(optional(name, "text", f"articles.{name}") for name in SOURCE),
        f"coalesce({_PUBLISHED}) IS NOT NULL",
        loose=True,
    ),
    Member("regions", "json", "articles.regions", _filled("articles.regions", "[]")),
    Member("meta", "json", "articles.meta", _filled("articles.meta", "{}")),
    Member("state", "word", "articles.state"),
    _author(),
    *_times("articles"),
    Member("revision", "whole", "articles.revision", "articles.revision > 1"),
    Inner(
        "revised",
        (_author("revisers", "by"), Member("at", "moment", "revisions.created_at")),
        "articles.revision > 1",
    ),
)

REVISION: tuple[Part, ...] = (
    Member("article_id", "id", _known_as("articles")),
    Member("number", "whole", "revisions.number"),
    Member("text", "text", "revisions.text"),
    Member("text_sha256", "word", "revisions.sha256"),
    _author(),
    Member("created_at", "moment", "revisions.created_at"),
)
"""An earlier text of an article."""

ANNOTATION: tuple[Part, ...] = (
    Member("id", "id", _known_as("annotations")),
    Member("article_id", "id", _known_as("articles")),
    Member("kind", "word", "annotations.kind"),
    Inner(
        "target",
        (
            Member("start", "whole", "annotations.start_offset"),
            Member("end", "whole", "annotations.end_offset"),
            Member("exact", "text", "annotations.exact"),
            optional("fragments", "json", "annotations.fragments"),
        ),
    ),
    optional("parts", "json", "annotations.parts"),
    Member("attributes", "json", "annotations.attributes"),
    Member("tags", "json", "annotations.tags", _filled("annotations.tags", "[]")),
    optional("note", "text", "annotations.note"),
    optional("confidence", "word", "annotations.confidence"),
    Member("origin", "word", "annotations.origin"),
    optional("score", "score", "annotations.score"),
    Member("state", "word", "annotations.state"),
    Member("layer", "word", "annotations.layer"),
    optional("external_id", "text", "annotations.external_id"),
    Inner(
        "verdict",
        (
            Member("label", "word", "verdicts.label"),
            Member("justification", "text", "verdicts.justification"),
            _author("judges", "by"),
            *_times("verdicts"),
        ),
        "verdicts.annotation_id IS NOT NULL",
    ),
    _author(),
    *_times("annotations"),
    Member("revision", "whole", "annotations.revision", "annotations.anchoring = 'orphaned'"),
    Member("anchoring", "word", "annotations.anchoring", "annotations.anchoring <> 'sure'"),
    optional("anchoring_score", "score", "annotations.anchoring_score"),
)

LINK: tuple[Part, ...] = (
    Member("id", "id", _known_as("links")),
    Member("from", "id", _known_as("from_end")),
    Member("to", "id", _known_as("to_end")),
    Member("relation", "word", "links.relation"),
    optional("basis", "word", "links.basis"),
    optional("independence", "word", "links.independence"),
    optional("rationale", "text", "links.rationale"),
    optional("confidence", "word", "links.confidence"),
    optional("group", "text", "links.group_name"),
    Member("state", "word", "links.state"),
    Member("layer", "word", "links.layer"),
    optional("external_id", "text", "links.external_id"),
    _author(),
    *_times("links"),
)
