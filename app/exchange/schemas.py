"""What comes in and goes out of exports, imports and the list of formats."""

from marshmallow import INCLUDE, fields

from app.annotations.kinds import KINDS
from app.annotations.schemas import AnnotationsQuery
from app.articles.schemas import UNITS, Language
from app.exchange.fields import Encoding, Meanings
from app.exchange.formats import FORMATS, Format
from app.web.fields import Choice, Count, Flag, Ordinal, Strict, Text

WRITERS = tuple(name for name, one in FORMATS.items() if type(one).write is not Format.write)
READERS = tuple(name for name, one in FORMATS.items() if one.reads)
LAYERS = ("annotator", "adjudicated", "all")


class FormatOut(Strict):
    """One format: what it is, what it keeps and what it cannot hold."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    media_type = fields.String(required=True)
    suffix = fields.String(required=True)
    writes = Flag(required=True)
    reads = Flag(required=True)
    keeps = fields.String(required=True)
    loses = fields.String(required=True)
    extra = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The optional extra of the package that carries its library."},
    )
    installed = Flag(required=True, says="False where that extra is not installed here.")


class FormatList(Strict):
    """Every format."""

    items = fields.List(fields.Nested(FormatOut), required=True)


class ExportQuery(AnnotationsQuery):
    """What to export, and how."""

    class Meta:
        exclude = ("limit", "after", "unit")

    format = Choice(WRITERS, load_default="ndjson", says="One that `/formats` says is written.")
    layer = Choice(
        LAYERS,
        load_default="all",
        metadata={"description": "What annotators tagged, what was adjudicated, or both."},
    )
    articles = Choice(
        ("all", "matching"),
        metadata={
            "description": "Whether articles without a matching annotation go out too; by "
            "default they do, unless annotations are filtered, be it by layer."
        },
    )
    guard = Choice(
        ("raw", "formula"),
        metadata={"description": "csv: whether cells that a spreadsheet would compute are marked."},
    )
    ents = Choice(tuple(KINDS), says="spacy: the kind that fills `doc.ents`.")


class ImportQuery(Strict):
    """What comes in, and what a fault in it does."""

    format = Choice(READERS, load_default="ndjson", says="One that `/formats` says is read.")
    on_error = Choice(
        ("abort", "skip"),
        load_default="abort",
        metadata={"description": "Whether one fault keeps everything out, or only what has it."},
    )
    dry_run = Flag(text=True, load_default=False, says="Check everything and write nothing.")
    unit = Choice(UNITS, load_default="codepoint", says="How the file's offsets count.")
    encoding = Encoding(
        30,
        low=1,
        says="text: the encoding of the files; without it what `charset` of the Content-Type "
        "says, else UTF-8. A byte order mark decides first.",
    )
    title = Text(2000, low=1, metadata={"description": "text: the title of a single file."})
    external_id = Text(200, low=1, metadata={"description": "text: its external id."})
    labels = Meanings(
        5000,
        low=1,
        metadata={
            "description": "label-studio, doccano, brat: what other labels mean, such as "
            "`Quantity:figure,Premise:claim,Other:ignore`."
        },
    )
    language = Language(
        says="All but ndjson: the language (BCP 47) of texts whose file does not say it. It also "
        "tells how figures without attributes are read from their words."
    )
    kind = Choice(tuple(KINDS), metadata={"description": "jsonld: the kind where none is told."})
    text_key = Text(100, low=1, metadata={"description": "label-studio: where the text lies."})


class CreatedOut(Strict):
    """How many things were made."""

    articles = Count(required=True)
    annotations = Count(required=True)
    links = Count(required=True)
    sources = Count(required=True)


class FromWordsOut(Strict):
    """How many figures were made that their file gave no attributes: by what their words say."""

    with_value = Count(required=True, says="The words say a value for certain.")
    vague = Count(required=True, says="They do not, so `form` is `vague`.")


class FaultOut(Strict):
    """One thing that is wrong: where (line, file in an archive, pointer), which rule, and why."""

    class Meta:
        unknown = INCLUDE

    line = Ordinal()
    name = fields.String()
    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


REPORT = {
    "created": {"articles": 1, "annotations": 12, "links": 0, "sources": 3},
    "figures_from_words": {"with_value": 4, "vague": 1},
    "unchanged": 0,
    "failed": 1,
    "errors": [
        {
            "line": 7,
            "pointer": "/target/exact",
            "code": "quote_mismatch",
            "detail": "At 33 to 35 stands '14', not '41'.",
        }
    ],
    "dry_run": False,
}
"""What an import that skips faults may answer."""


class ImportOut(Strict):
    """What an import did; `errors` are the first thousand, `failed` counts all."""

    created = fields.Nested(CreatedOut, required=True)
    figures_from_words = fields.Nested(FromWordsOut, required=True)
    unchanged = Count(required=True)
    failed = Count(required=True)
    errors = fields.List(fields.Nested(FaultOut), required=True)
    dry_run = Flag(required=True)
