"""Projects and members as the wire has them, and as history keeps them."""

from typing import Any

from sqlalchemy import Row

from app.accounts.models import User
from app.kernel.actor import Role
from app.projects.models import Membership, Project

Json = dict[str, Any]


def present(project: Project | Row[Any], role: int) -> Json:
    """A project as the wire has it, for a caller with this role."""
    names = ("id", "slug", "name", "description", "guidelines", "settings")
    document = {name: getattr(project, name) for name in names}
    document["role"] = Role(role).name
    for name in ("version", "created_at", "updated_at"):
        document[name] = getattr(project, name)
    return document


def present_member(member: Membership | Row[Any], user: User | Row[Any]) -> Json:
    """A member as the wire has it."""
    return {
        "user_id": member.user_id,
        "name": user.name,
        "email": user.email,
        "role": Role(member.role).name,
        "version": member.version,
        "created_at": member.created_at,
        "updated_at": member.updated_at,
    }
