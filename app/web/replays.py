"""Safe retries: the same Idempotency-Key and body give the first answer again.

A key is reserved in a transaction of its own, so that a second caller sees it at once. The
answer is kept in the transaction that does the work: either both stand or neither.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, current_app, request
from sqlalchemy import ColumnElement, and_, delete, select, update

from app.kernel.actor import Credential
from app.kernel.clock import now, rfc3339
from app.kernel.db import after_rollback, apart, database, reading, session
from app.kernel.errors import Conflict, Invalid, Malformed
from app.kernel.upserts import insert
from app.web.bodies import body_bytes
from app.web.replay_models import Replay

RESERVED_FOR = timedelta(minutes=10)
"""How long a key stays reserved when the process that held it died."""

_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Link", "Cache-Control")
_SHAPE = re.compile(r"[\x21-\x7e]{1,255}")


def once(
    credential: Credential, work: Callable[[], Response], confirm: Callable[[Credential], object]
) -> Response:
    """Do the work, or give the answer it was given before under the same key."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not _SHAPE.fullmatch(key):
        raise Malformed(
            "An Idempotency-Key is 1 to 255 printable ASCII characters.", code="bad_key"
        )
    secret = current_app.config["SECRET_KEY"]
    scope = _digest(secret, credential.whose, request.method, request.path, key)
    fingerprint = _digest(request.full_path, hashlib.sha256(body_bytes()).hexdigest())
    reserved_at = now()
    if not _reserve(scope, fingerprint, reserved_at):
        confirm(credential)
        return _answer_again(scope, fingerprint)
    after_rollback(lambda: _release(scope, reserved_at))
    response = work()
    _keep(scope, response, reserved_at)
    return response


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _reserve(scope: str, fingerprint: str, at: datetime) -> bool:
    """Whether the key was free. Lapsed ones are swept away in passing."""
    row = {
        "scope": scope,
        "fingerprint": fingerprint,
        "created_at": at,
        "expires_at": at + RESERVED_FOR,
    }
    with apart(database()) as own:
        own.execute(delete(Replay).where(Replay.expires_at < now()))
        free = insert(Replay).values(row).on_conflict_do_nothing().returning(Replay.scope)
        return own.scalar(free) is not None


def _reserved(scope: str, at: datetime) -> ColumnElement[bool]:
    """The condition of this very reservation: it may have lapsed, and be another's by now."""
    return and_(Replay.scope == scope, Replay.created_at == at)


def _release(scope: str, reserved_at: datetime) -> None:
    with apart(database()) as own:
        own.execute(delete(Replay).where(_reserved(scope, reserved_at)))


def _keep(scope: str, response: Response, reserved_at: datetime) -> None:
    hours = current_app.config["IDEMPOTENCY_HOURS"]
    session().execute(
        update(Replay)
        .where(_reserved(scope, reserved_at))
        .values(
            status=response.status_code,
            headers={
                name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers
            },
            body=_sealed(response.get_data(), scope, reserved_at),
            expires_at=now() + timedelta(hours=hours),
        )
    )


def _answer_again(scope: str, fingerprint: str) -> Response:
    with reading(database()) as own:
        kept = own.execute(select(Replay.__table__).where(Replay.scope == scope)).one_or_none()
    if kept is not None and kept.fingerprint != fingerprint:
        raise Invalid("This Idempotency-Key was used with another body.", code="key_reused")
    if kept is None or kept.status is None:
        raise Conflict(
            "The first request with this key is still running.", code="still_running", retry_after=1
        )
    response = Response(_sealed(kept.body, scope, kept.created_at), kept.status)
    response.headers.update(kept.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _sealed(body: bytes, scope: str, reserved_at: datetime) -> bytes:
    """The body as it is kept; and the other way round.

    An answer may hold a secret that is told once and otherwise kept as a hash. The database
    alone shall not give it away, so the body is combined with a stream of SHAKE-256 (FIPS 202)
    that is drawn from the secret key and never used for another body.
    """
    seed = "\n".join((current_app.config["SECRET_KEY"], scope, rfc3339(reserved_at)))
    stream = hashlib.shake_256(seed.encode()).digest(len(body))
    return (int.from_bytes(body) ^ int.from_bytes(stream)).to_bytes(len(body))
