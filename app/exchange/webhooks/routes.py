"""The endpoints of webhooks."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app

from app.exchange.webhooks import queries, service
from app.exchange.webhooks.models import Webhook
from app.exchange.webhooks.policy import RULES
from app.exchange.webhooks.presenting import present, present_all, present_deliveries
from app.exchange.webhooks.schemas import (
    DeliveryPage,
    ReplayIn,
    WebhookIn,
    WebhookOut,
    WebhookPage,
    WebhookPatch,
)
from app.exchange.webhooks.signing import secret_of
from app.kernel.actor import Actor
from app.kernel.permissions import require
from app.projects.doors import enter, enter_project
from app.web.bodies import page_ask
from app.web.etag import check_if_match
from app.web.fields import PageQuery
from app.web.operations import MERGE_PATCH, credential, operation
from app.web.replies import nothing, reply, reply_page

Json = dict[str, Any]
routes = Blueprint("webhooks", __name__, url_prefix="/api/v1")

ABOUT = """\
Batches of changes are POSTed to the URL in the order of the feed, one at a time, as
`{webhook, delivery, project, items, next}`; any status from 200 to 299 takes a batch. What is
not taken is sent again, at longer and longer intervals; then the webhook is paused and says
why. A batch may come twice: `delivery` is the same then. `Factmark-Signature` is
`t=<unix seconds>,v1=<hex>`: HMAC-SHA-256, with the secret as the key, of the time, a full stop
and the body. The secret is in this answer and in no other."""


@routes.post("/projects/<project>/webhooks")
@operation(
    "Have the changes sent somewhere",
    body=WebhookIn,
    answer=WebhookOut,
    status=201,
    takes_key=True,
    versioned=True,
    refuses=(410,),
    description=ABOUT,
)
def create(project: str, body: Json) -> Response:
    actor = enter_project(credential(), project)
    webhook = service.create(actor, body, allow_private=_allow_private())
    secret = secret_of(current_app.config["SECRET_KEY"], webhook.salt)
    response = reply(
        {**present(webhook), "secret": secret},
        version=webhook.version,
        status=201,
        location=f"/api/v1/webhooks/{webhook.id}",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.get("/projects/<project>/webhooks")
@operation("The webhooks of a project", query=PageQuery, answer=WebhookPage, page=True)
def of_project(project: str, query: Json) -> Response:
    actor = enter_project(credential(), project)
    require(RULES, "manage_webhooks", actor)
    page = queries.listed(actor, page_ask(query))
    return reply_page(page.map(present_all))


@routes.get("/webhooks/<id:webhook_id>")
@operation("One webhook", answer=WebhookOut, versioned=True)
def read(webhook_id: str) -> Response:
    return _reply(_entered(webhook_id)[1])


@routes.patch("/webhooks/<id:webhook_id>")
@operation(
    "Change a webhook, pause it or let it go on",
    body=WebhookPatch,
    answer=WebhookOut,
    media_types=MERGE_PATCH,
    versioned=True,
    needs_match=True,
)
def edit(webhook_id: str, body: Json) -> Response:
    actor, webhook = _entered(webhook_id, to_change=True)
    check_if_match(webhook.version, lambda: present(webhook))
    return _reply(service.edit(actor, webhook, body, allow_private=_allow_private()))


@routes.delete("/webhooks/<id:webhook_id>")
@operation("Send nothing there any more", status=204, needs_match=True)
def remove(webhook_id: str) -> Response:
    actor, webhook = _entered(webhook_id, to_change=True)
    check_if_match(webhook.version, lambda: present(webhook))
    service.remove(actor, webhook)
    return nothing()


@routes.get("/webhooks/<id:webhook_id>/deliveries")
@operation("What was sent, the newest first", query=PageQuery, answer=DeliveryPage, page=True)
def deliveries(webhook_id: str, query: Json) -> Response:
    actor, webhook = _entered(webhook_id)
    page = queries.deliveries_of(webhook.id, page_ask(query))
    here = actor.project.id
    return reply_page(page.map(partial(present_deliveries, here)))


@routes.post("/webhooks/<id:webhook_id>/replay")
@operation("Send again what came after a cursor", body=ReplayIn, answer=WebhookOut, refuses=(410,))
def replay(webhook_id: str, body: Json) -> Response:
    actor, webhook = _entered(webhook_id, to_change=True)
    return _reply(service.replay(actor, webhook, body["after"]))


def _entered(webhook_id: str, *, to_change: bool = False) -> tuple[Actor, Webhook]:
    """The webhook, once the actor is known to manage its project."""
    actor = enter(credential(), queries.DOOR, webhook_id)
    require(RULES, "manage_webhooks", actor)
    return actor, queries.get(actor, webhook_id, to_change=to_change)


def _reply(webhook: Webhook) -> Response:
    return reply(present(webhook), version=webhook.version)


def _allow_private() -> bool:
    return bool(current_app.config["WEBHOOK_ALLOW_PRIVATE"])
