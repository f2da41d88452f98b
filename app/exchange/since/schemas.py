"""What comes in for an export of what changed."""

from marshmallow import fields

from app.web.fields import Strict


class SinceQuery(Strict):
    """After which place in the feed."""

    after = fields.String(
        metadata={"description": "A cursor of the change feed; from the beginning without it."}
    )
