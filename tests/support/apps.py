"""Applications for the tests: the whole product, with settings that make it quick to test."""

from typing import Any

from app import create_app
from app.config import Settings
from app.web.application import Application
from tests.support.home import home

SECRET_KEY = "a key that only tests know, and long enough"


def build_app(database_url: str, **settings: Any) -> Application:
    """An application on this database; `settings` are those that shall differ."""
    quick: dict[str, Any] = {
        "data_dir": home(),
        "database_url": database_url,
        "secret_key": SECRET_KEY,
        "access_token_minutes": 120,  # longer than any run
        "password_memory_kib": 8,  # Argon2's least
        "sign_in_attempts": 10_000,
        "log_level": "ERROR",
    }
    return create_app(Settings(**{**quick, **settings}).completed())
