"""The files of releases: whole or not there at all, and never changed."""

import errno
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import time

from app.kernel.errors import Unavailable

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_STEP = 256 * 1024
_SUFFIX = ".ndjson.gz"
FORGOTTEN = 24 * 3600.0
"""Seconds after which an unfinished file is taken for the leftover of a crash."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds, uncompressed."""

    sha256: str
    bytes: int


class Shelf:
    """The folder of a server's releases."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "releases"

    def path_of(self, release_id: str) -> Path:
        """Where the rows of a release lie."""
        return self.folder / f"{release_id}{_SUFFIX}"

    def write(self, release_id: str, rows: Iterable[bytes]) -> Written:
        """Store the rows; either the whole file is there afterwards, on the disk, or none.

        The same rows give the same bytes. Raises Unavailable (`disk_full`) where there is no
        room, and whatever `rows` raises.
        """
        target = self.path_of(release_id)
        part = target.with_suffix(".part")
        with _room():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                written = _compress(part, rows)
                part.rename(target)
                _sync_folder(self.folder)
            except BaseException:
                part.unlink(missing_ok=True)
                target.unlink(missing_ok=True)
                raise
        return written

    def discard(self, release_id: str) -> None:
        """Take away the file of a release that did not come to be, or is no more."""
        self.path_of(release_id).unlink(missing_ok=True)

    def pieces(self, release_id: str, sha256: str) -> Iterator[bytes]:
        """The rows in large pieces. Unavailable, at the latest at their end, where they are not
        what was stored."""
        with self._open(release_id) as stream:
            yield from _unchanged(iter(partial(stream.read, _STEP), b""), sha256)

    def rows(self, release_id: str, sha256: str) -> Iterator[bytes]:
        """The same, row by row."""
        with self._open(release_id) as stream:
            yield from _unchanged(stream, sha256)

    def _open(self, release_id: str) -> gzip.GzipFile:
        try:
            return gzip.open(self.path_of(release_id), "rb")
        except FileNotFoundError:
            told = "The file of this release is missing on the server (DATA_DIR/releases)."
            raise Unavailable(told, code="release_file_missing") from None

    def ids(self) -> set[str]:
        """The ids of the releases whose files are here."""
        return {path.name.removesuffix(_SUFFIX) for path in self.folder.glob(f"*{_SUFFIX}")}

    def sweep(self) -> None:
        """Take away what a process left half-written when it died, long ago."""
        for path in self.folder.glob("*.part"):
            if _age(path) > FORGOTTEN:
                path.unlink(missing_ok=True)


def damaged() -> Unavailable:
    """What to answer where a file is not the one that was stored."""
    told = "The file of this release is damaged on the server (DATA_DIR/releases)."
    return Unavailable(told, code="release_file_damaged")


def _unchanged(pieces: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        for piece in pieces:
            digest.update(piece)
            yield piece
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise damaged() from None
    if digest.hexdigest() != sha256:
        raise damaged()


def _compress(part: Path, rows: Iterable[bytes]) -> Written:
    digest, size = hashlib.sha256(), 0
    with part.open("wb") as file:
        # No name and no time in the header: they would differ each time.
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            for row in rows:
                digest.update(row)
                size += len(row)
                packed.write(row)
        file.flush()
        os.fsync(file.fileno())
    return Written(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _age(path: Path) -> float:
    try:
        return time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        told = "There is no room left on the server's disk; nothing was stored."
        raise Unavailable(told, code="disk_full") from None
