"""Where a webhook may lead: out, and nowhere inside.

A server that fetches what others name can be made to reach what only it can reach (server-side
request forgery; OWASP API7:2023). So a name is resolved here, every address it has must be
public, and the connection is made to the address that was looked at, not to the name again.
"""

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
_BAD_SIGNS = frozenset('"<>\\^`{|}\x7f')


class NotAllowed(Exception):
    """A URL or address that webhooks do not go to; `code` is a stable word."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def split(url: str) -> SplitResult:
    """The parts of a URL that a webhook may have; NotAllowed otherwise."""
    if not url.isascii() or any(sign <= " " or sign in _BAD_SIGNS for sign in url):
        told = "A URL has only ASCII signs; write others percent-encoded and hosts in punycode."
        raise NotAllowed("bad_url", told)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAllowed("bad_url", "This is not a URL.") from None
    if parts.scheme not in PORTS:
        raise NotAllowed("bad_scheme", "A webhook's URL begins with https:// or http://.")
    if not parts.hostname or port == 0:
        raise NotAllowed("bad_url", "The URL names no host.")
    if "@" in parts.netloc or parts.fragment:
        raise NotAllowed("bad_url", "A URL here has no user name, password or fragment.")
    return parts


def check_url(url: str, *, allow_private: bool) -> None:
    """NotAllowed where it shows without asking anybody that webhooks do not go there."""
    host = (split(url).hostname or "").rstrip(".")
    if allow_private:
        return
    inside = host == "localhost" or host.endswith(".localhost")
    with suppress(ValueError):  # a name, which is looked up when something is sent
        inside = inside or not is_public(ip_address(host))
    if inside:
        raise _not_public()


def resolve(parts: SplitResult, *, allow_private: bool) -> list[tuple[str, int]]:
    """The addresses and port behind a URL, all of which are allowed.

    NotAllowed where one is not; OSError where the name has none.
    """
    port = parts.port or PORTS[parts.scheme]
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not allow_private and not all(is_public(ip_address(each)) for each in addresses):
        raise _not_public()
    return [(address, port) for address in addresses]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address, and every IPv4 address wrapped in it, is out in the internet."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return True
    return not address.is_site_local and all(map(is_public, _wrapped(address)))


def _wrapped(address: IPv6Address) -> list[IPv4Address]:
    found = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()))
    return [each for each in found if each is not None]


def _not_public() -> NotAllowed:
    told = "Webhooks go to public addresses only (WEBHOOK_ALLOW_PRIVATE)."
    return NotAllowed("private_address", told)
