"""Whose work it is: authors as the file names them, or the importer.

A manager brings things in with their authors. Someone this server does not know is made: a
disabled account without a password, under the same id and name, so that the work is nobody
else's and goes out under the same author again. An administrator may make a real account of
it. Anybody else brings in what is their own.
"""

from collections.abc import Iterable

from app.exchange.imports.reporting import Json, rejected
from app.exchange.imports.stores import Store
from app.exchange.imports.tables import Rows
from app.exchange.native.lines import Author
from app.kernel.actor import Actor
from app.kernel.clock import now, rfc3339
from app.kernel.ids import is_id

MOST_MADE = 1000
NO_PASSWORD = "!"  # noqa: S105 - no hash is like this, so no password fits
NOWHERE = "imported.invalid"
"""The domain of made-up addresses: RFC 2606 keeps `.invalid` free of real ones."""


class People:
    """The authors of one import."""

    def __init__(self, actor: Actor, store: Store, *, keeps: bool) -> None:
        self._actor, self._store, self._keeps = actor, store, keeps
        self._known = {actor.id}
        self._made = 0

    def meet(self, authors: Iterable[Author], rows: Rows) -> None:
        """Look up everybody named in a batch, and make those who are unknown."""
        if not self._keeps:
            return
        named = {author.id.lower(): author.name for author in authors}
        fresh = [id_ for id_ in named if id_ not in self._known and is_id(id_)]
        if not fresh:
            return
        found = set(self._store.people(fresh))
        for id_ in fresh:
            if id_ not in found and self._made < MOST_MADE:
                self._made += 1
                found.add(id_)
                self._make(id_, named[id_], rows)
        self._known |= found

    def id_of(self, author: Author | None, pointer: str = "/author") -> str:
        """Whose it is. Raises Rejected where nobody can be named by this id."""
        if author is None or not self._keeps:
            return self._actor.id
        id_ = author.id.lower()
        if id_ in self._known:
            return id_
        if is_id(id_):
            told = f"An import makes at most {MOST_MADE} unknown authors."
            raise rejected(f"{pointer}/id", "too_many_authors", told)
        raise rejected(f"{pointer}/id", "not_an_id", "An id (a UUID) is expected here.")

    def _make(self, id_: str, name: str, rows: Rows) -> None:
        moment = rfc3339(now())
        user: Json = {
            "id": id_,
            "email": f"{id_}@{NOWHERE}",
            "name": name,
            "password_hash": NO_PASSWORD,
            "is_admin": False,
            "disabled_at": moment,
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }
        rows.add("users", user)
