"""Heavy libraries, loaded only when a format that needs one is asked for."""

from importlib import import_module
from typing import Any

from app.exchange.formats.base import MissingExtra


def library(module: str, *, extra: str) -> Any:
    """The module, or `MissingExtra` naming the extra of the package that carries it."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise MissingExtra(extra) from None
