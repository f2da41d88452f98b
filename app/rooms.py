"""Opening the rooms: every blueprint, and the few words that rooms hand to those below them."""

from functools import partial

from app.accounts import passwords
from app.accounts.queries import who_is
from app.accounts.routes import routes as accounts
from app.annotations import removing
from app.annotations.beside import beside
from app.annotations.reanchoring import Annotations
from app.annotations.routes import routes as annotations
from app.annotations.schemas import KIND_SCHEMAS
from app.annotations.sources.routes import routes as sources
from app.articles import revising
from app.articles import service as article_service
from app.articles.routes import routes as articles
from app.config import Settings
from app.evidence.routes import routes as evidence
from app.exchange.feed.routes import routes as feed
from app.exchange.releases.routes import routes as releases
from app.exchange.releases.service import leave
from app.exchange.releases.storage import Shelf
from app.exchange.routes import routes as exchange
from app.exchange.since.routes import routes as since
from app.exchange.webhooks.routes import routes as webhooks
from app.history.settling import settle
from app.kernel import engines
from app.links import queries as link_queries
from app.links import service as link_service
from app.links.reader import reader
from app.links.routes import routes as links
from app.projects.routes import routes as projects
from app.reading_room.routes import routes as reading_room
from app.reviews.adjudication.routes import routes as adjudication
from app.reviews.assignments.routes import routes as assignments
from app.reviews.comments.routes import routes as comments
from app.reviews.comparison.routes import routes as comparison
from app.reviews.decisions.routes import routes as decisions
from app.reviews.measures.routes import routes as agreement
from app.reviews.queue.routes import routes as review_queue
from app.reviews.verdicts import queries as verdict_queries
from app.reviews.verdicts import service as verdict_service
from app.reviews.verdicts.routes import routes as verdicts
from app.stats.routes import routes as stats
from app.web import application, attachments, cors, errors
from app.web.operations_room import routes as operations_room
from app.webannotation.routes import routes as webannotation

ROOMS = (
    reading_room,
    *(operations_room, accounts, projects, articles, annotations, sources, links, stats),
    *(decisions, comments, verdicts, assignments),
    *(comparison, adjudication, agreement, review_queue, evidence),
    *(exchange, feed, since, webhooks, releases),
    webannotation,
)


def open_rooms(app: application.Application, settings: Settings) -> None:
    """Register what the web needs, then every room's endpoints."""
    application.log_to_stderr(settings.log_level)
    application.register(app)
    errors.register(app)
    cors.register(app, settings.cors_origins)
    attachments.register(app)
    passwords.configure(settings.password_memory_kib)
    _introduce(app, settings)
    for room in ROOMS:
        app.register_blueprint(room)


def _introduce(app: application.Application, settings: Settings) -> None:
    """Tell rooms what the rooms above them know; imports run only the other way."""
    app.extensions["confirm"] = who_is
    app.extensions["schemas"] = KIND_SCHEMAS
    app.extensions["reader"] = partial(reader, most=settings.max_reader_annotations)
    engines.before_writing = [settle]
    app.extensions["leave_project"] = partial(leave, Shelf(settings.data_dir))
    beside.link_counts = link_queries.counts
    beside.linked = link_queries.is_linked
    beside.verdict = verdict_queries.BESIDE
    beside.before_removal = [link_service.remove_of_annotations]
    beside.after_moving = [verdict_service.carry]
    article_service.before_removal = [removing.remove_of_article]
    revising.followers = [Annotations()]
