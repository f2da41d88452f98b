"""What a client would rather have: the headers Prefer (RFC 7240) and Accept (RFC 9110). Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.exchange.formats.jsonld import WebAnnotation

LD, JSON = WebAnnotation.media_type, "application/json"
MINIMAL = "http://www.w3.org/ns/ldp#PreferMinimalContainer"
IRIS = "http://www.w3.org/ns/oa#PreferContainedIRIs"
DESCRIPTIONS = "http://www.w3.org/ns/oa#PreferContainedDescriptions"
_WORD = r"[!#$%&'*+.^_`|~\w-]+"
_PART = re.compile(rf'\s*({_WORD})\s*(?:=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?\s*([;,]|$)')


@dataclass(frozen=True, slots=True)
class Preference:
    """`minimal`: nothing embedded; `iris`: bare IRIs for items; `applied`: whether any was."""

    minimal: bool = False
    iris: bool = False
    applied: bool = False


def preference(header: str) -> Preference:
    """What the header asks of a container; what it cannot mean, and nonsense, is passed over."""
    for words in _preferences(header):
        if words.get("return") != "representation":
            continue
        wanted = words.get("include", "").split()
        iris, whole = IRIS in wanted, DESCRIPTIONS in wanted
        minimal, one = MINIMAL in wanted, iris != whole  # asking for both asks for neither
        return Preference(minimal, iris and one, minimal or one)
    return Preference()


def _preferences(header: str) -> Iterator[dict[str, str]]:
    words: dict[str, str] = {}
    at = 0
    while at < len(header) and (found := _PART.match(header, at)):
        name, value, end = found.groups()
        words.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", (value or "").strip('"')))
        at = found.end()
        if end == ",":
            yield words
            words = {}
    if words:
        yield words


def media_type(accepted: Iterable[tuple[str, float]]) -> str | None:
    """JSON-LD or plain JSON, whichever is liked better; None where neither is taken.

    `accepted` are media ranges with their qualities, none where there is no Accept header.
    The parameters of a range are not looked at: there is one profile.
    """
    ranges = [(kind.partition(";")[0].strip().lower(), quality) for kind, quality in accepted]
    if not ranges:
        return LD
    liked = {offered: _quality(offered.partition(";")[0], ranges) for offered in (LD, JSON)}
    best = max(liked, key=lambda offered: liked[offered])
    return best if liked[best] > 0 else None


def _quality(offered: str, ranges: list[tuple[str, float]]) -> float:
    """How much it is liked: the closest range decides."""
    for like in (offered, "application/*", "*/*"):
        if found := [quality for kind, quality in ranges if kind == like]:
            return max(found)
    return 0.0
