"""What must hold of the files of releases."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commands.frame import application
from app.exchange.releases.models import Release
from app.exchange.releases.storage import Shelf
from app.kernel.errors import Unavailable


def releases_named(session: Session) -> Iterator[str]:
    """Every file of a release belongs to one; a crash or an older database can leave others."""
    shelf = Shelf(application().config["DATA_DIR"])
    for id_ in sorted(shelf.ids() - set(session.scalars(select(Release.id)))):
        yield f"{shelf.path_of(id_)} is the file of no release here; it may be deleted."


def releases_whole(session: Session) -> Iterator[str]:
    """Every release's file is there and has the hash that was noted when it was stored."""
    shelf = Shelf(application().config["DATA_DIR"])
    for release in session.execute(select(Release.id, Release.name, Release.sha256)):
        try:
            for _ in shelf.pieces(release.id, release.sha256):
                pass
        except (OSError, Unavailable):
            yield f"The file of the release {release.name} ({release.id}) is not what was stored."
