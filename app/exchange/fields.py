"""Parameters of exchange that formats know to read: refused with the request, not with a file."""

from typing import Any

from marshmallow import ValidationError

from app.exchange.formats.base import Unreadable
from app.exchange.formats.labels import Labels
from app.exchange.formats.text import encoding_called
from app.kernel.sentences import Sentence
from app.web.fields import Text


class Encoding(Text):
    """An encoding of plain text, by any of its names."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> str:
        name = str(super()._deserialize(value, *args, **more))
        try:
            return encoding_called(name)
        except Unreadable as error:
            raise ValidationError(Sentence(error.detail, error.code)) from None


class Meanings(Text):
    """What other tools' labels mean."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> str:
        told = str(super()._deserialize(value, *args, **more))
        try:
            Labels({"labels": told})
        except Unreadable as error:
            raise ValidationError(Sentence(error.detail, error.code)) from None
        return told
