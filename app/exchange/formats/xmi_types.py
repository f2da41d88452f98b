"""Our UIMA type system, built from the kinds: what TypeSystem.xml says.

`factmark.Fact` is an annotation over the whole span; each kind is a type of its own below it,
with its attributes as String features. `factmark.Piece` marks what a fact is made of: the
fragments of a span with gaps, and the source, cue, content and antecedent of an attribution.
`factmark.Link` has the shape of a relation layer: features Governor and Dependent.
"""

from collections.abc import Iterable

from app.annotations.kinds import KINDS, Kind
from app.exchange.formats.columns import PUBLISHED

ANNOTATION = "uima.tcas.Annotation"
FACT, PIECE, LINK, ARTICLE = "factmark.Fact", "factmark.Piece", "factmark.Link", "factmark.Article"

Feature = tuple[str, str]
Described = tuple[str, str, Iterable[Feature]]


def type_of(kind: Kind) -> str:
    """The type name of a kind: claim → factmark.Claim."""
    return f"factmark.{kind.name.title()}"


def type_system() -> bytes:
    """TypeSystem.xml."""
    types = "".join(_type(*described) for described in types_described())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n'
        f"<types>\n{types}</types>\n</typeSystemDescription>\n"
    ).encode()


def types_described() -> Iterable[Described]:
    """Every type: its name, the type above it, and its features with their range."""
    yield ARTICLE, "uima.tcas.DocumentAnnotation", _strings(
        "article_id", "external_id", "title", *PUBLISHED, "text_sha256"
    )  # fmt: skip
    yield FACT, ANNOTATION, [
        *_strings(
            "fact_id", "layer", "state", "author_id", "author_name", "attributes", "tags",
            "note", "confidence", "origin", "reported_by", "verdict", "verdict_justification",
            "external_id", "created_at", "updated_at",
        ),
        ("score", "uima.cas.Double"),
    ]  # fmt: skip
    for kind in KINDS.values():
        yield type_of(kind), FACT, _strings(*(column.name for column in kind.columns))
    yield PIECE, ANNOTATION, [("fact", FACT), *_strings("role"), ("number", "uima.cas.Integer")]
    yield LINK, ANNOTATION, [
        ("Governor", FACT),
        ("Dependent", FACT),
        *_strings(
            "link_id", "relation", "basis", "independence", "rationale", "confidence", "group",
            "state", "layer", "author_id", "author_name", "external_id",
        ),
    ]  # fmt: skip


def _strings(*names: str) -> list[Feature]:
    return [(name, "uima.cas.String") for name in names]


def _type(name: str, above: str, features: Iterable[Feature]) -> str:
    inner = "".join(
        f"<featureDescription><name>{feature}</name><description/>"
        f"<rangeTypeName>{wanted}</rangeTypeName></featureDescription>\n"
        for feature, wanted in features
    )
    return (
        f"<typeDescription><name>{name}</name><description/>"
        f"<supertypeName>{above}</supertypeName>\n<features>\n{inner}</features>\n"
        "</typeDescription>\n"
    )
