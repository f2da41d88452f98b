"""Passwords: Argon2id (RFC 9106), and the same cost whether or not the person exists."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_settings = {"memory": 19_456}


def configure(memory_kib: int) -> None:
    """Set the memory that one hash takes; the factory calls it once."""
    _settings["memory"] = memory_kib
    _hasher.cache_clear()
    _nobody.cache_clear()


@lru_cache(1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=_settings["memory"], parallelism=1)


@lru_cache(1)
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """The hash to keep: parameters, salt and digest in one text."""
    return _hasher().hash(password)


def verify(password: str, kept: str | None) -> bool:
    """Whether the password fits the kept hash; None stands for someone who does not exist."""
    try:
        return _hasher().verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
