"""What a project decides for itself."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from app.kernel.actor import Actor
from app.kernel.sentences import Sentence
from app.projects import attribute_schemas
from app.web.fields import Flag, Free, Strict, Text, Whole

DEFAULTS: dict[str, Any] = {
    "blind": False,
    "own_work_rule": True,
    "overlap": 1,
    "tag_set": None,
    "attribute_schema": None,
}


def bars_own_work(actor: Actor) -> bool:
    """Whether nobody reviews their own work in the project that the actor entered."""
    return bool(actor.project.settings.get("own_work_rule", DEFAULTS["own_work_rule"]))


class AttributeSchema(Free):
    """A JSON Schema (2020-12) for `attributes.extra`. References to other places are refused."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        schema = super()._deserialize(value, *args, **more)
        try:
            attribute_schemas.check(schema)
        except attribute_schemas.UnusableSchemaError as error:
            told: Any = [Sentence(str(error), error.code)]
            for step in reversed(error.steps):
                told = {step: told}
            raise ValidationError(told) from None
        return schema


class ProjectSettings(Strict):
    """How a team works: who sees whose work, who reviews what, how many tag an article."""

    blind = Flag(says="Annotators see only their own work until they are done.")
    own_work_rule = Flag(says="Nobody reviews what they made themselves.")
    overlap = Whole(1, 50)
    tag_set = fields.List(
        Text(100, low=1),
        allow_none=True,
        validate=validate.Length(max=1000, error=Sentence("At most 1000 tags.", "length")),
        metadata={"description": "The only tags allowed; null allows every tag."},
    )
    attribute_schema = AttributeSchema(allow_none=True)
