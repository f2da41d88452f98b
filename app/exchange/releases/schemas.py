"""What comes in and goes out of releases."""

from marshmallow import fields

from app.annotations.kinds import KINDS
from app.annotations.schemas import AnnotationsQuery
from app.articles.schemas import AuthorOut
from app.exchange.schemas import LAYERS
from app.kernel.sentences import Sentence
from app.web.fields import Choice, Free, IdField, Shaped, Strict, Text, When, Whole

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
NAMED = Sentence("Letters, digits, dots and dashes, such as `1.0` or `2026-11`.", "bad_version")
CHANGES = ("added", "removed", "changed")


class ReleaseFilter(AnnotationsQuery):
    """Which annotations a release has; the filters of an export."""

    class Meta:
        exclude = ("limit", "after", "unit")

    layer = Choice(LAYERS, load_default="all")
    articles = Choice(("all", "matching"))


class ReleaseIn(Strict):
    """A new release."""

    version = Shaped(NAME, NAMED, required=True)
    filter = fields.Nested(ReleaseFilter, load_default=lambda: {"layer": "all"})
    notes = Text(10_000, load_default="")
    licence = Text(
        200,
        low=1,
        allow_none=True,
        load_default=None,
        metadata={"description": "An SPDX identifier such as `CC-BY-4.0`, or a sentence."},
    )


class ReleaseLine(Strict):
    """A release in a list."""

    id = IdField(required=True)
    project_id = IdField(required=True)
    version = fields.String(required=True)
    notes = fields.String(required=True)
    licence = fields.String(required=True, allow_none=True)
    sha256 = fields.String(
        required=True, metadata={"description": "Of the canonical rows, uncompressed."}
    )
    bytes = Whole(0, 2**53, required=True)
    counts = Free(required=True)
    filter = Free(required=True)
    created_by = fields.Nested(AuthorOut, required=True)
    created_at = When(required=True)


class ReleaseOut(ReleaseLine):
    """A release with its manifest."""

    manifest = Free(required=True)


class ReleasePage(Strict):
    """A page of releases, in the order they were made."""

    items = fields.List(fields.Nested(ReleaseLine), required=True)
    next = fields.String(required=True, allow_none=True)


class FileQuery(Strict):
    """What some formats let choose."""

    guard = Choice(
        ("raw", "formula"), says="csv: whether cells that a spreadsheet would compute are marked."
    )
    ents = Choice(tuple(KINDS), says="spacy: the kind that fills `doc.ents`.")


class DiffQuery(Strict):
    """With which release to compare."""

    against = Text(
        100,
        low=1,
        required=True,
        says="The release to compare with, the earlier one, by its id or its version.",
    )
    limit = Whole(
        1,
        1000,
        text=True,
        load_default=200,
        says="How many differences are listed; all are counted.",
    )


class DiffItem(Strict):
    """One thing that differs."""

    type = fields.String(required=True)
    id = IdField(required=True, allow_none=True)
    change = Choice(CHANGES, required=True)
    members = fields.List(fields.String())


class DiffOut(Strict):
    """What came and went from one release to another. `items` are the first so many."""

    before = IdField(required=True)
    after = IdField(required=True)
    counts = Free(required=True)
    items = fields.List(fields.Nested(DiffItem), required=True)
    truncated = fields.Boolean(required=True)
