"""What comes in and goes out of projects."""

from marshmallow import fields

from app.kernel.actor import Role
from app.kernel.sentences import Sentence
from app.projects.settings import ProjectSettings
from app.web.fields import Choice, IdField, Ordinal, Shaped, Strict, Text, When, Words

ROLES = tuple(role.name for role in Role)
SLUG = r"(?=.{1,80}$)(?=.*[a-z])(?!.{8}-.{4}-.{4}-.{4}-.{12}$)[a-z0-9](?:-?[a-z0-9])*"
"""At most 80 characters, a letter among them; and not such as could be taken for an id."""
BAD_SLUG = Sentence(
    "Lower-case letters, digits and single dashes, at most 80, such as `syria-2015`.", "bad_slug"
)


class ProjectIn(Strict):
    """A new project."""

    slug = Shaped(SLUG, BAD_SLUG, required=True)
    name = Words(200, required=True)
    description = Text(10_000, load_default="")
    guidelines = Text(200_000, load_default="")
    settings = fields.Nested(ProjectSettings, load_default=dict)


class ProjectEdit(Strict):
    """A merge patch of a project; settings are merged too."""

    slug = Shaped(SLUG, BAD_SLUG)
    name = Words(200)
    description = Text(10_000)
    guidelines = Text(200_000)
    settings = fields.Nested(ProjectSettings)


class ProjectOut(Strict):
    """A project, with the caller's role in it."""

    id = IdField(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    guidelines = fields.String(required=True)
    settings = fields.Nested(ProjectSettings, required=True)
    role = Choice(ROLES, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class ProjectPage(Strict):
    """A page of projects."""

    items = fields.List(fields.Nested(ProjectOut), required=True)
    next = fields.String(required=True, allow_none=True)


class MemberIn(Strict):
    """The role someone shall have."""

    role = Choice(ROLES, required=True)


class MemberOut(Strict):
    """A member of a project."""

    user_id = IdField(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = Choice(ROLES, required=True)
    version = Ordinal(required=True)
    created_at = When(required=True)
    updated_at = When(required=True)


class MemberPage(Strict):
    """A page of members."""

    items = fields.List(fields.Nested(MemberOut), required=True)
    next = fields.String(required=True, allow_none=True)
