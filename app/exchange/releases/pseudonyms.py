"""People by pseudonym. Pure.

A pseudonym is an id of its own: a UUID of version 8 (RFC 9562, section 5.8) made by HMAC-SHA-256
from the server's key, the project and the person. It is the same in every release of a project,
so that people's work can be told apart and followed, and another in every other project. Whoever
lacks the key cannot get back to the person. A pseudonym's own pseudonym is itself, so a release
that was brought in elsewhere is released again in the same words.
"""

import hmac
from functools import cache

from app.kernel.ids import is_id


class Pseudonyms:
    """The pseudonyms of one project's people."""

    def __init__(self, server_key: str, project_id: str) -> None:
        self._key = f"{server_key} pseudonyms of {project_id}".encode()
        self.id_of = cache(self._id_of)

    def _id_of(self, person_id: str) -> str:
        if is_id(person_id) and person_id[14] == "8":
            return person_id
        digest = hmac.digest(self._key, person_id.encode(), "sha256")
        value = int.from_bytes(digest[:16])
        value = (value & ~(0xF << 76)) | (0x8 << 76)
        value = (value & ~(0b11 << 62)) | (0b10 << 62)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def name_of(pseudonym: str) -> str:
    """What a pseudonym is shown as."""
    return f"Person {pseudonym[:8]}"
