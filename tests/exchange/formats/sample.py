"""One small dataset that holds every shape a format is likely to break on.

`sample()` gives a fresh `MemoryDataset`; `annotations()` and `texts()` are what an
independent loader's reading is compared with. Spans are named by their quote and found in
the text here, so that no offset is typed by hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from app.exchange.rows import (
    AnnotationRow,
    ArticleRow,
    Document,
    Fragment,
    LinkRow,
    Person,
    ProjectRow,
    SourceRow,
)

ANN = Person("01900000-0000-7000-8000-00000000a001", "Ann Ode")
BEN = Person("01900000-0000-7000-8000-00000000a002", 'Ben "the pen", Jr.')
TIME = "2026-01-05T10:00:00Z"

PLAIN = (
    "Rebels hold the town, officials say. Between 1,700 and 2,500 fighters, mostly from the "
    "Caucasus, had gone to Syria by June 2014,\nthe agency reported. Prices fell by -1.5 % in "
    'May.\n\n"We will not stop," said Maj. Dana Ruiz, a spokeswoman, "until it is over."\n'
)
EMOJI = (
    "👩‍👩‍👧 The fire 🔥🔥 hurt 12 people in Zu\u0308rich; the cafe\u0301 burned. "
    "🇨🇭 Police: no deaths 👍🏽."
)
RTL = 'قال الوزير إن 40٪ من الجسور دُمّرت.\nראש הממשלה אמר: \u2067"לא ניכנע"\u2069 (mixed English).'
CRLF = (
    "First line ends here\r\nand the claim goes on.\r\n\r\nOld Mac line\rnext. "
    "Separator\u2028inside\x85too.\r\n"
)
AWKWARD = (
    "  # leading hash\n-DOCSTART- -X-\nA\ttab, back\\slash [bracket] pipe|bar under_score "
    "semi;colon arrow->x star*.\n=1+1 @x +2\fpage two\n   \nlast line without end"
)
BARE = "Nothing in this one was tagged. It stands all the same.\n"


def uid(group: int, number: int) -> str:
    """A fixed UUIDv7 that sorts by group, then number."""
    return f"01900000-{group:04x}-7000-8000-{number:012x}"


def article(number: int, text: str, title: str, **more: Any) -> ArticleRow:
    """An article row with its digest."""
    return ArticleRow(
        id=uid(1, number),
        title=title,
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        created_at=TIME,
        updated_at=TIME,
        **more,
    )


ARTICLES = (
    article(
        1,
        PLAIN,
        'A "quoted", comma-ed title\nof two lines',
        external_id="plain/1",
        language="en",
        source={
            "publisher": "The Daily, Ltd.",
            "author": "Q. Writer",
            "url": "https://news.example/plain?a=1&b=2",
            "published_on": "2014-09-17",
            "published_precision": "day",
        },
        regions=[{"start": 0, "end": 6, "kind": "dateline"}],
        meta={"desk": "foreign", "n": 3},
    ),
    article(2, EMOJI, "=1+1", external_id="emoji", language="en"),
    article(3, RTL, "خبر / ידיעה", language="ar"),
    article(4, CRLF, "-1.5 %", external_id="../crlf"),
    article(5, AWKWARD, "@x <b>&amp;</b>", external_id="awkward"),
    article(6, BARE, "Bare"),
    article(7, "", ""),
)


def span(text: str, quote: str, nth: int = 1) -> Fragment:
    """The nth place (from 1) where the quote stands in the text."""
    start = -1
    for _ in range(nth):
        start = text.index(quote, start + 1)
    return Fragment(start, start + len(quote), quote)


@dataclass
class Maker:
    """Numbers the annotations of all articles as they are made."""

    rows: list[AnnotationRow] = field(default_factory=list)

    def __call__(
        self, where: int, kind: str, *quotes: str | Fragment, author: Person = ANN, **more: Any
    ) -> AnnotationRow:
        """Tags quotes (several: a discontinuous span) of article `where` (from 1)."""
        art = ARTICLES[where - 1]
        found = tuple(span(art.text, q) if isinstance(q, str) else q for q in quotes)
        stamps = {"created_at": TIME, "updated_at": TIME}
        ident = uid(2, len(self.rows) + 1)
        row = AnnotationRow(ident, art.id, kind, found, author, **{**stamps, **more})
        self.rows.append(row)
        return row


def _tag_plain(tag: Maker) -> None:
    said = tag(
        1,
        "attribution",
        "Rebels hold the town, officials say",
        attributes={"sources": [{"name": "officials", "type": "unnamed"}], "quotation": "indirect"},
        parts={
            "source": (span(PLAIN, "officials"),),
            "cue": (span(PLAIN, "say"),),
            "content": (span(PLAIN, "Rebels hold the town"),),
        },
    )
    verdict = {"label": "supported", "justification": "Two papers, one line apart:\n- agreed"}
    tag(
        1,
        "claim",
        "Rebels hold the town",
        author=BEN,
        reported_by=said.id,
        verdict=verdict,
        attributes={
            "statement": "=HOLD(town)",
            "claim_type": "event_property",
            "modality": "asserted",
            "location": "SY",
        },
        tags=("@x", "control, of"),
        note="-1.5 %",
        confidence="high",
        state="approved",
    )
    tag(1, "claim", "Rebels hold", "town", tags=("split",), external_id="=ext")
    tag(
        1,
        "figure",
        "Between 1,700 and 2,500 fighters",
        attributes={
            "value": "1700",
            "value_max": "2500",
            "unit": "fighters",
            "comparator": "between",
            "quantity_kind": "count",
            "as_of": {"value": "2014-06", "precision": "month"},
        },
    )
    tag(
        1,
        "claim",
        "and 2,500 fighters, mostly from the Caucasus, had gone to Syria by June 2014,\nthe agency",
        attributes={"statement": "They went to Syria"},
        origin="machine",
        score=0.5,
    )
    tag(1, "claim", "2,500 fighters, mostly", author=BEN)
    tag(
        1,
        "figure",
        "-1.5 %",
        attributes={"value": "-1.5", "unit": "percent"},
        verdict={"label": "refuted", "justification": ""},
    )
    tag(1, "figure", "-1.5 %", author=BEN, attributes={"value": "-1.5", "unit": "%"})
    tag(
        1,
        "attribution",
        '"We will not stop,"',
        '"until it is over."',
        attributes={
            "sources": [{"name": "Dana Ruiz", "type": "person"}],
            "quotation": "direct",
            "said_on": {"value": "2014-09-16", "precision": "day"},
        },
        parts={
            "source": (span(PLAIN, "Maj. Dana Ruiz"), span(PLAIN, "a spokeswoman")),
            "cue": (span(PLAIN, "said"),),
            "content": (span(PLAIN, '"We will not stop,"'), span(PLAIN, '"until it is over."')),
        },
    )


def _tag_others(tag: Maker) -> None:
    tag(2, "figure", "12 people", attributes={"value": "12", "unit": "people"})
    tag(
        2,
        "claim",
        "🔥🔥 hurt 12 people in Zu\u0308rich",
        layer="adjudicated",
        verdict={"label": "conflicting", "justification": "Zu\u0308rich says no"},
    )
    tag(2, "claim", span(EMOJI, "\u0301 burned"), span(EMOJI, "🇨🇭"), note="starts on a mark 🔥")
    tag(
        3,
        "attribution",
        "قال الوزير إن 40٪ من الجسور دُمّرت.",
        parts={"cue": (span(RTL, "قال"),), "content": (span(RTL, "40٪ من الجسور دُمّرت"),)},
    )
    tag(
        3,
        "claim",
        '"לא ניכנע"',
        tags=("ציטוט",),
        verdict={"label": "not_enough_evidence", "justification": ""},
    )
    tag(4, "claim", "line ends here\r\nand the claim", attributes={"statement": "one\r\ntwo"})
    tag(4, "claim", "Mac line\rnext. Separator\u2028inside\x85too.", note="a\r\nb\tc")
    tag(5, "claim", "# leading hash\n-DOCSTART- -X-\nA\ttab", tags=("=1+1", "+2", "\ttab"))
    tag(5, "claim", "[bracket] pipe|bar under_score semi;colon arrow->x star*")
    tag(5, "figure", "=1+1", attributes={"form": "vague", "unit": "=1+1"})
    tag(5, "claim", "last line without end", external_id="end;of|it_all")


def annotations() -> list[AnnotationRow]:
    """Every annotation, in text order article by article."""
    tag = Maker()
    _tag_plain(tag)
    _tag_others(tag)
    return sorted(tag.rows, key=lambda a: (a.article_id, a.start, -a.end, a.id))


def _link(
    number: int, one: AnnotationRow, two: AnnotationRow, relation: str, **more: Any
) -> LinkRow:
    return LinkRow(
        uid(3, number),
        one.id,
        one.article_id,
        two.id,
        two.article_id,
        relation,
        ANN,
        created_at=TIME,
        updated_at=TIME,
        **more,
    )


def links() -> list[LinkRow]:
    """Links inside one article, across two, and from the first to the last."""
    rows = {a.id: a for a in annotations()}
    at = {number: rows[uid(2, number)] for number in range(1, len(rows) + 1)}
    return [
        _link(1, at[2], at[3], "corroborates", basis="same_statement", independence="same_origin"),
        _link(2, at[4], at[6], "contradicts", basis="numeric", rationale="=2,500\nor 1,700"),
        _link(3, at[2], at[11], "corroborates", confidence="low", independence="independent"),
        _link(4, at[7], at[10], "contradicts", basis="numeric", group="g1"),
        _link(5, at[20], at[2], "contradicts", rationale="across the whole set"),
        _link(6, at[10], at[11], "corroborates"),
    ]


def sources() -> list[SourceRow]:
    """Speakers, one with awkward names."""
    return [
        SourceRow(uid(4, 1), "Dana Ruiz", "person", ("Maj. Ruiz", "D. Ruiz; spokeswoman")),
        SourceRow(uid(4, 2), "officials", "unnamed"),
        SourceRow(uid(4, 3), "=SUM(A1)", None, ("@x",)),
    ]


@dataclass
class MemoryDataset:
    """A `Dataset` over lists, counting the passes made over its documents."""

    articles: Sequence[ArticleRow]
    rows: Sequence[AnnotationRow]
    link_rows: Sequence[LinkRow]
    source_rows: Sequence[SourceRow] = ()
    base_url: str = "https://facts.example"
    project: ProjectRow = field(
        default_factory=lambda: ProjectRow(
            uid(0, 1), "syria", 'Syria, "2015"', "=About\nit", "Tag facts.", "CC-BY-4.0"
        )
    )

    def documents(self) -> Iterator[Document]:
        for art in self.articles:
            inside = [k for k in self.link_rows if k.from_article_id == k.to_article_id == art.id]
            yield Document(art, [a for a in self.rows if a.article_id == art.id], inside)

    def links(self) -> Iterator[LinkRow]:
        return iter(self.link_rows)

    def sources(self) -> Iterator[SourceRow]:
        return iter(self.source_rows)


def sample() -> MemoryDataset:
    """The dataset with everything in it."""
    return MemoryDataset(ARTICLES, annotations(), links(), sources())


def empty() -> MemoryDataset:
    """A project without a single article."""
    return MemoryDataset((), (), ())


def texts() -> dict[str, str]:
    """Article id to text."""
    return {a.id: a.text for a in ARTICLES}
