"""Delivering: one attempt for each webhook that something waits for."""

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, update

from app.exchange.webhooks import queries
from app.exchange.webhooks.claiming import Job, claim, pause
from app.exchange.webhooks.models import Delivery, Webhook
from app.exchange.webhooks.retrying import pause_after
from app.exchange.webhooks.sending import Outcome, send
from app.exchange.webhooks.signing import HEADER, secret_of, signature
from app.kernel.clock import now
from app.kernel.db import Database, reading, session, unit_of_work

log = logging.getLogger("factmark.webhooks")
AT_ONCE = 50
KEPT = timedelta(days=30)
"""How long the record of a finished delivery is kept."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say of delivering."""

    server_key: str
    user_agent: str
    attempts: int
    seconds: float
    allow_private: bool

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> "Terms":
        """The terms in an application's configuration."""
        return cls(
            config["SECRET_KEY"],
            f"Factmark/{config['VERSION']}",
            config["WEBHOOK_ATTEMPTS"],
            config["WEBHOOK_TIMEOUT_SECONDS"],
            config["WEBHOOK_ALLOW_PRIVATE"],
        )


def deliver_due(of: Database, terms: Terms) -> int:
    """Attempt what is due, each webhook at most once; how many attempts were made.

    It ends with the first that fails: it may have taken its time, so whoever is well and became
    due meanwhile comes before others who are not.
    """
    with reading(of):
        ids = queries.due(AT_ONCE)
    jobs = (claim(of, id_, terms.seconds) for id_ in ids)
    made = 0
    for job in filter(None, jobs):
        outcome = attempt(job, terms)
        with unit_of_work(of):
            settle(job, outcome, terms)
        made += 1
        if not outcome.received:
            break
    return made


def attempt(job: Job, terms: Terms) -> Outcome:
    """Send a batch once. No transaction is open meanwhile."""
    secret = secret_of(terms.server_key, job.webhook.salt)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": terms.user_agent,
        "Factmark-Delivery": job.delivery_id,
        "Factmark-Attempt": str(job.attempt),
        HEADER: signature(secret, int(time.time()), job.body),
    }
    return send(
        job.webhook.url,
        headers,
        job.body,
        seconds=terms.seconds,
        allow_private=terms.allow_private,
    )


def settle(job: Job, outcome: Outcome, terms: Terms) -> None:
    """Write down what became of an attempt, unless the webhook was changed under way."""
    if outcome.received:
        held = _let_go(job, cursor_tx=job.end.tx, cursor_seq=job.end.seq, failures=0, due_at=now())
        _note(job, outcome, "delivered" if held else "superseded", None)
        _forget_old(job.webhook.id)
        return
    failures = job.webhook.failures + 1
    next_at = now() + pause_after(failures, random.random())  # noqa: S311 - no secret
    held = _let_go(job, failures=failures, due_at=next_at)
    over = failures >= terms.attempts or outcome.gone
    _note(job, outcome, "failed" if over else "pending", None if over else next_at)
    if held and over:
        _give_up(job, outcome, failures)


def _let_go(job: Job, **values: Any) -> bool:
    """End the lease; whether it still was this attempt's."""
    result = session().execute(
        update(Webhook)
        .where(Webhook.id == job.webhook.id, Webhook.lease == job.lease)
        .values(lease=None, leased_until=None, **values)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def _note(job: Job, outcome: Outcome, status: str, next_at: Any) -> None:
    session().execute(
        update(Delivery)
        .where(Delivery.id == job.delivery_id, Delivery.status == "pending")
        .values(
            attempts=job.attempt,
            status=status,
            next_at=next_at,
            http_status=outcome.status,
            error=outcome.error,
            finished_at=None if status == "pending" else now(),
        )
    )


def _give_up(job: Job, outcome: Outcome, failures: int) -> None:
    code = "gone" if outcome.gone else "failing"
    told = f"{failures} attempts failed, the last because: {outcome.error}"
    pause(job.webhook.id, code, told)
    log.warning("webhook paused", extra={"fields": {"webhook": job.webhook.id, "reason": told}})


def _forget_old(webhook_id: str) -> None:
    session().execute(
        delete(Delivery).where(
            Delivery.webhook_id == webhook_id, Delivery.finished_at < now() - KEPT
        )
    )
