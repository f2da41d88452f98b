"""Options as they come from a query string, where every value may be a text."""

from app.exchange.formats.base import Options, Unreadable


def whole_number(options: Options, name: str, default: int) -> int:
    """A limit of at least 1; raises `Unreadable` for anything else."""
    try:
        value = int(options.get(name, default))
    except (TypeError, ValueError, OverflowError):
        value = 0
    if value < 1:
        raise Unreadable(f"`{name}` is a whole number of at least 1.", code="bad_option")
    return value
