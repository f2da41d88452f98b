"""The labelling configuration that Label Studio needs to show an export, made from the kinds."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from app.annotations.kinds import KINDS
from app.annotations.kinds.types import Attribute, Choice, Number, Text
from app.exchange.formats.labels import RELATIONS, ROLES

KIND_TAG, PART_TAG, TEXT_TAG = "kind", "part", "text"
FRAGMENT = "fragment"


def _shown(kind: str) -> dict[str, Attribute]:
    shown = (a for a in KINDS[kind].attributes if isinstance(a.type, Choice | Text | Number))
    return {attribute.name: attribute for attribute in shown}


SHOWN: dict[str, dict[str, Attribute]] = {kind: _shown(kind) for kind in KINDS}
"""The attributes of each kind that Label Studio has a control for."""


def configuration() -> str:
    """The XML: labels for kinds and parts, a control an attribute, relations."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "<View>"
    yield from _labels(KIND_TAG, KINDS)
    yield from _labels(PART_TAG, ROLES)
    yield f'  <Text name="{TEXT_TAG}" value="$text"/>'
    for name in dict.fromkeys(name for kind in SHOWN for name in SHOWN[kind]):
        yield from _control(name, [kind for kind in SHOWN if name in SHOWN[kind]])
    yield "  <Relations>"
    for relation in (*RELATIONS, *ROLES, FRAGMENT):
        yield f"    <Relation value={quoteattr(relation)}/>"
    yield "  </Relations>"
    yield "</View>"


def _labels(tag: str, names: Iterable[str]) -> Iterator[str]:
    yield f'  <Labels name="{tag}" toName="{TEXT_TAG}">'
    for name in names:
        yield f'    <Label value="{name.capitalize()}"/>'
    yield "  </Labels>"


def _control(name: str, kinds: list[str]) -> Iterator[str]:
    when = ",".join(kind.capitalize() for kind in kinds)
    common = (
        f'name="{name}" toName="{TEXT_TAG}" perRegion="true" '
        f'whenTagName="{KIND_TAG}" whenLabelValue="{when}"'
    )
    attribute = SHOWN[kinds[0]][name]
    if isinstance(attribute.type, Choice):
        yield f'  <Choices {common} choice="single">'
        for word in attribute.type.words:
            yield f"    <Choice value={quoteattr(word)}/>"
        yield "  </Choices>"
    else:
        yield f'  <TextArea {common} maxSubmissions="1" placeholder="{name}"/>'
