"""Factmark: the backend for tagging facts in news articles."""

from datetime import timedelta

from flask_jwt_extended import JWTManager

from app.config import Settings
from app.kernel.db import Database
from app.kernel.engines import Tuning
from app.web.application import Application

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Application:
    """The application: settings, database, web, rooms. Nothing else."""
    settings = settings or Settings.from_environment()
    app = Application("app", static_folder=None)
    _configure(app, settings)
    tuning = Tuning(settings.pool_size, settings.statement_timeout_seconds)
    app.database = Database(settings.database_url, tuning)
    from app import cli, rooms  # after the application exists: rooms import the kernel

    rooms.open_rooms(app, settings)
    cli.register(app)
    return app


def _configure(app: Application, settings: Settings) -> None:
    app.config.update(
        {name.upper(): value for name, value in vars(settings).items()},
        VERSION=__version__,
        JWT_SECRET_KEY=settings.secret_key,
        JWT_ALGORITHM="HS256",
        JWT_DECODE_ALGORITHMS=["HS256"],
        JWT_ENCODE_ISSUER="factmark",
        JWT_DECODE_ISSUER="factmark",
        JWT_ENCODE_AUDIENCE="factmark",
        JWT_DECODE_AUDIENCE="factmark",
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(minutes=settings.access_token_minutes),
        JWT_REFRESH_TOKEN_EXPIRES=timedelta(days=settings.refresh_token_days),
        JWT_TOKEN_LOCATION=["headers", "cookies"],
        JWT_COOKIE_SECURE=settings.cookie_secure,
        JWT_COOKIE_SAMESITE="Lax",
        JWT_COOKIE_CSRF_PROTECT=True,
        JWT_SESSION_COOKIE=False,
        JWT_REFRESH_COOKIE_PATH="/api/v1/auth",
    )
    JWTManager(app)
