"""Secrets and signatures of webhooks. Pure.

A secret is derived from the server's own key and a random salt (HMAC-SHA-256 as the one-step
derivation of NIST SP 800-108), so the database alone gives no secret away, and a database
copied without the key cannot sign. Another server key means other secrets.

The signature covers the time and the body, so a receiver can refuse what is old or changed:
`Factmark-Signature: t=<unix seconds>,v1=<hex HMAC-SHA-256 of "<t>." + body>`, keyed with the
secret's text.
"""

import base64
import hmac
import secrets

PREFIX = "fmw_"
HEADER = "Factmark-Signature"


def new_salt() -> str:
    """What makes one webhook's secret differ from all others."""
    return secrets.token_hex(32)


def secret_of(server_key: str, salt: str) -> str:
    """The secret that server and receiver share."""
    derived = hmac.digest(server_key.encode(), f"factmark webhook {salt}".encode(), "sha256")
    return PREFIX + base64.urlsafe_b64encode(derived).decode().rstrip("=")


def signature(secret: str, at: int, body: bytes) -> str:
    """The value of the signature header for a body sent at this unix time."""
    signed = hmac.digest(secret.encode(), f"{at}.".encode() + body, "sha256")
    return f"t={at},v1={signed.hex()}"
