"""What can go wrong, in the words of the domain. The web says which status it is."""

from collections.abc import Sequence
from typing import Any, ClassVar


class Refused(Exception):
    """Something the product will not do. `code` is a stable word; `detail` says what to do.

    `errors` are faults, as `fault` makes them; `extra` members
    go into the problem document as they are.
    """

    code: ClassVar[str] = "refused"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[dict[str, Any]] = (),
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.word = code or type(self).code
        self.errors = list(errors)
        self.extra = extra


class Malformed(Refused):
    """The request cannot be read at all: broken JSON, a bad cursor."""

    code = "malformed"


class Unauthenticated(Refused):
    """Nobody, or nobody any more."""

    code = "unauthenticated"


class Forbidden(Refused):
    """Seen, but not allowed."""

    code = "forbidden"


class NotFound(Refused):
    """Not there, or not for this actor to know of."""

    code = "not_found"


class Conflict(Refused):
    """Against what stands now: a duplicate, an illegal move."""

    code = "conflict"


class Gone(Refused):
    """It was there once and will not be again."""

    code = "gone"


class LengthRequired(Refused):
    """A body of which nobody can tell whether all of it came."""

    code = "length_required"


class Stale(Refused):
    """Someone changed it first; `current` carries what stands now."""

    code = "stale"


class TooLarge(Refused):
    """Past a limit of size; the detail names the limit."""

    code = "too_large"


class WrongMediaType(Refused):
    """A body of a kind that this endpoint does not read."""

    code = "unsupported_media_type"


class NotAcceptable(Refused):
    """No representation that the caller would take."""

    code = "not_acceptable"


class Invalid(Refused):
    """Readable, but against a rule; `errors` say where and which."""

    code = "invalid"


class PreconditionRequired(Refused):
    """A change without saying of which version."""

    code = "precondition_required"


class Throttled(Refused):
    """Too many; `retry_after` seconds to wait."""

    code = "throttled"


class NotInstalled(Refused):
    """An optional library is missing; the detail says which extra to install."""

    code = "not_installed"


class Unavailable(Refused):
    """The database is busy or away; trying again may help."""

    code = "unavailable"


def fault(pointer: str, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """One thing that is wrong with a body, at this JSON pointer into it."""
    return {"pointer": pointer, "code": code, "detail": detail, **more}


def invalid_field(pointer: str, code: str, detail: str, **extra: Any) -> Invalid:
    """The refusal of one field, named by its JSON pointer."""
    return Invalid(detail, code=code, errors=[fault(pointer, code, detail)], **extra)


def refused(errors: Sequence[dict[str, Any]], detail: str = "") -> Invalid:
    """The refusal of a body for these faults; it bears their code where they share one.

    What helps to mend a single fault (`found`, `candidates`) stands at the top as well.
    """
    codes = {error["code"] for error in errors}
    only = errors[0] if len(errors) == 1 else {}
    helps = {name: only[name] for name in ("found", "candidates", "id") if name in only}
    return Invalid(
        detail or only.get("detail") or "The body is against some rules; see errors.",
        code=codes.pop() if len(codes) == 1 else None,
        errors=errors,
        **helps,
    )
