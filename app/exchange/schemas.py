"""What comes in and goes out of exports, imports and the list of formats."""

from marshmallow import fields

from app.annotations.schemas import AnnotationsQuery
from app.exchange.formats import FORMATS, Format
from app.web.fields import Choice, Flag, Strict, Text

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

    format = Choice(WRITERS, load_default="ndjson")
    layer = Choice(
        LAYERS,
        load_default="all",
        metadata={"description": "What annotators tagged, what was adjudicated, or both."},
    )
    articles = Choice(
        ("all", "matching"),
        metadata={
            "description": "Whether articles without a matching annotation go out too; by "
            "default they do, unless annotations are filtered."
        },
    )
    guard = Choice(
        ("raw", "formula"),
        metadata={"description": "csv: whether cells that a spreadsheet would compute are marked."},
    )
    ents = Text(30, low=1, metadata={"description": "spacy: the kind that fills `doc.ents`."})
