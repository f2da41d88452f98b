"""What a project decides for itself."""

from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from marshmallow import ValidationError, fields, validate

from app.kernel.sentences import Sentence
from app.web.fields import Flag, Free, Strict, Text, Whole

DEFAULTS: dict[str, Any] = {
    "blind": False,
    "own_work_rule": True,
    "overlap": 1,
    "tag_set": None,
    "attribute_schema": None,
}


class AttributeSchema(Free):
    """A JSON Schema (2020-12) for `attributes.extra`. References to other places are refused."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> dict[str, Any]:
        schema = super()._deserialize(value, *args, **more)
        if _refers_outside(schema):
            told = "References lead inside the schema only: `#…`."
            raise ValidationError(Sentence(told, "outside_reference"))
        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            told = f"This is not a JSON Schema: {error.message[:200]}"
            raise ValidationError(Sentence(told, "bad_schema")) from None
        return schema


def _refers_outside(schema: Any) -> bool:
    if isinstance(schema, dict):
        outside = any(
            key in {"$ref", "$dynamicRef"} and not str(value).startswith("#")
            for key, value in schema.items()
        )
        return outside or any(_refers_outside(value) for value in schema.values())
    return isinstance(schema, list) and any(_refers_outside(value) for value in schema)


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
