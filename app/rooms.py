"""Opening the rooms: every blueprint, and the few words that rooms hand to the web."""

from app.accounts import passwords
from app.accounts.queries import who_is
from app.accounts.routes import routes as accounts
from app.config import Settings
from app.projects.routes import routes as projects
from app.web import application, cors, errors
from app.web.operations_room import routes as operations_room


def open_rooms(app: application.Application, settings: Settings) -> None:
    """Register what the web needs, then every room's endpoints."""
    application.log_to_stderr(settings.log_level)
    application.register(app)
    errors.register(app)
    cors.register(app, settings.cors_origins)
    passwords.configure(settings.password_memory_kib)
    app.extensions["confirm"] = who_is
    for room in (operations_room, accounts, projects):
        app.register_blueprint(room)
