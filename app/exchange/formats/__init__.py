"""The ways out of and into a project. A new format is one class here and one name in `FORMATS`.

A format of many words has its reading, writing or configuration in files that begin with its
name; `arrow_…` is Parquet's, `csv_…` that of CSV. Shared by several:

- reading: `parsing`, `jsonstream`, `lines`, `peeking`, `unzipping`; what all check alike: `checks`,
  `labels`, `options`;
- writing: `jsons`, `chunks`, `zipping`, `naming`, `ahead`; tables: `columns`, `cells`, `reporting`;
- texts: `tokens`, `folding`; beside a format's own notation: `details`, `across`, `iris`, `judged`.

Libraries that are heavy or optional are imported by a format only when it writes (`extras`).
"""

from app.exchange.formats.averitec import Averitec
from app.exchange.formats.base import Format, MissingExtra, Options, Read, Row, Unreadable
from app.exchange.formats.brat import Brat
from app.exchange.formats.claimreview import ClaimReview
from app.exchange.formats.conll import Conll
from app.exchange.formats.csv_tables import CsvTables
from app.exchange.formats.doccano import Doccano
from app.exchange.formats.fever import Fever
from app.exchange.formats.huggingface import HuggingFace
from app.exchange.formats.jsonld import WebAnnotation
from app.exchange.formats.label_studio import LabelStudio
from app.exchange.formats.ndjson import NativeLines
from app.exchange.formats.parquet import Parquet
from app.exchange.formats.spacy_docs import SpacyDocs
from app.exchange.formats.text import PlainText
from app.exchange.formats.webanno_tsv import WebAnnoTsv
from app.exchange.formats.xmi import Xmi

_ALL: tuple[Format, ...] = (
    NativeLines(),
    CsvTables(),
    Parquet(),
    WebAnnotation(),
    Brat(),
    Conll(),
    WebAnnoTsv(),
    Xmi(),
    SpacyDocs(),
    LabelStudio(),
    Doccano(),
    HuggingFace(),
    Fever(),
    Averitec(),
    ClaimReview(),
    PlainText(),
)

FORMATS: dict[str, Format] = {one.name: one for one in _ALL}
"""Every format by the name that `format=` takes, in the order in which they are listed."""

__all__ = ["FORMATS", "Format", "MissingExtra", "Options", "Read", "Row", "Unreadable"]
