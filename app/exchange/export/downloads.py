"""An export under way: a dataset on its snapshot, a format, and the first chunk already made.

What can go wrong at the start (a missing library, a bad option) goes wrong here, while it can
still be answered properly.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain

from sqlalchemy import Connection, select

from app.exchange.export.dataset import ProjectDataset
from app.exchange.export.selection import Selection
from app.exchange.formats import Format, MissingExtra, Options, Unreadable
from app.exchange.rows import Dataset, ProjectRow
from app.kernel.db import Database
from app.kernel.downloads import Download
from app.kernel.errors import Invalid, NotFound, NotInstalled, fault
from app.kernel.snapshots import open_snapshot
from app.projects.models import Project


def begin(
    database: Database,
    selection: Selection,
    chosen: Format,
    options: Options,
    *,
    base_url: str,
    seconds: int,
    held: ExitStack,
) -> Download:
    """Open the snapshot and make the first chunk.

    `held` is what must be let go at the end; it is emptied into the download. Raises
    NotInstalled for a missing library and Invalid for an option that the format refuses.
    """
    with held as stack:
        connection = open_snapshot(database, seconds)
        stack.callback(connection.close)
        dataset = dataset_on(connection, selection, base_url)
        return begin_with(dataset, chosen, options, held=stack)


def begin_with(dataset: Dataset, chosen: Format, options: Options, *, held: ExitStack) -> Download:
    """Make the first chunk of a dataset in a format; `held` is emptied into the download."""
    with held as stack:
        with _answerable():
            chunks = chosen.write(dataset, options)
            stack.callback(_stop, chunks)
            first = next(chunks, b"")
        return Download(chain([first], chunks), stack.pop_all())


def dataset_on(connection: Connection, selection: Selection, base_url: str) -> ProjectDataset:
    """What is selected of the actor's project, as this connection sees it.

    Raises NotFound where the project was deleted meanwhile.
    """
    this = Project.id == selection.actor.project.id
    row = connection.execute(select(Project.__table__).where(this)).one_or_none()
    if row is None:
        raise NotFound("There is no such project.")
    about = ProjectRow(row.id, row.slug, row.name, row.description, row.guidelines)
    return ProjectDataset(connection, selection, about, row.settings, base_url)


@contextmanager
def _answerable() -> Iterator[None]:
    """What formats raise, as refusals that have a status."""
    try:
        yield
    except MissingExtra as error:
        raise NotInstalled(str(error), extra=error.extra) from None
    except Unreadable as error:
        wrong = fault("", error.code, error.detail, **{"in": "query"})
        raise Invalid(error.detail, code=error.code, errors=[wrong]) from None


def _stop(chunks: Iterator[bytes]) -> None:
    """End a generator where it stands, so that it lets go of its cursors."""
    if close := getattr(chunks, "close", None):
        close()
