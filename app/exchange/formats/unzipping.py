"""Zip archives read without trusting them: names, sizes, ratios and counts are all bounded."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.exchange.formats.base import Options, Unreadable
from app.exchange.formats.options import whole_number

_MIB = 1024 * 1024
_STEP = 64 * 1024
_IN_MEMORY = 8 * _MIB
_LONGEST_NAME = 512
_ENCRYPTED = 1
_SYMLINK, _KIND = 0o120000, 0o170000
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError, RuntimeError)
# What an archive program adds by itself; not worth an error.
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may cost. Each may be given as an option of its own name.

    `zip_bytes` bounds the archive itself, `zip_members` its files, `zip_member_bytes` one
    unpacked file, `zip_total_bytes` all of them, `zip_ratio` unpacked to packed bytes of
    one file (counted past its first MiB, so that small blank files pass).
    """

    zip_bytes: int = 2048 * _MIB
    zip_members: int = 200_000
    zip_member_bytes: int = 64 * _MIB
    zip_total_bytes: int = 8192 * _MIB
    zip_ratio: int = 200

    @classmethod
    def of(cls, options: Options) -> "Limits":
        """The limits that `options` name, the defaults for the rest."""
        defaults = asdict(cls())
        return cls(**{name: whole_number(options, name, most) for name, most in defaults.items()})


class Archive:
    """An opened archive: `names` are its usable files, `problems` says why others are not."""

    def __init__(self, zip_file: ZipFile, limits: Limits) -> None:
        self._zip, self._limits, self._spent = zip_file, limits, 0
        self._members: dict[str, ZipInfo] = {}
        self.problems: list[Unreadable] = []
        if len(zip_file.infolist()) > limits.zip_members:
            raise _too_many(limits)
        for info in zip_file.infolist():
            self._admit(info)

    @property
    def names(self) -> list[str]:
        """Usable files in the order of the archive."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises `Unreadable` where it is broken or past a limit."""
        return b"".join(self._unpacked(self._members[name], self._limits.zip_member_bytes))

    @contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """One file as a stream, bounded by the total and the ratio but not by `zip_member_bytes`.

        Reading from it raises `Unreadable` like `read`.
        """
        yield cast(BinaryIO, _Flow(self._unpacked(self._members[name], None)))

    def _admit(self, info: ZipInfo) -> None:
        name = info.orig_filename
        if info.is_dir() or any(mark in name for mark in _CLUTTER):
            return
        fault = _fault(name, info)
        if fault is None and name in self._members:
            fault = "duplicate_member", "The archive has two files of this name."
        if fault is None:
            self._members[name] = info
        else:
            code, detail = fault
            shown = name[:_LONGEST_NAME].encode("utf-8", "backslashreplace").decode()
            self.problems.append(Unreadable(detail, code=code, name=shown))

    def _unpacked(self, info: ZipInfo, most: int | None) -> Iterator[bytes]:
        size = 0
        try:
            with self._zip.open(info) as member:
                while step := member.read(_STEP):
                    size += len(step)
                    self._spent += len(step)
                    self._check(info, size, most)
                    yield step
        except _BROKEN as error:
            raise Unreadable(
                f"The archive is damaged here: {error}", code="bad_zip", name=info.filename
            ) from error

    def _check(self, info: ZipInfo, size: int, most: int | None) -> None:
        limits, name = self._limits, info.filename
        if most is not None and size > most:
            raise _bomb(f"Unpacked, a file holds at most {most} bytes.", name)
        if self._spent > limits.zip_total_bytes:
            raise _bomb(f"Unpacked, all files hold at most {limits.zip_total_bytes} bytes.", name)
        if size > _MIB and size > limits.zip_ratio * max(info.compress_size, 1):
            raise _bomb(f"It unpacks to more than {limits.zip_ratio} times its size.", name)


class _Flow:
    """The least a reader needs of a file: `read(size)`, over pieces that arrive one by one."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def read(self, size: int = -1) -> bytes:
        parts, length = [self._held], len(self._held)
        while size < 0 or length < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            parts.append(piece)
            length += len(piece)
        data = b"".join(parts)
        cut = len(data) if size < 0 else size
        self._held = data[cut:]
        return data[:cut]


@contextmanager
def archive(stream: BinaryIO, options: Options) -> Iterator[Archive]:
    """The archive in `stream`; raises `Unreadable` if it is none or too large.

    What cannot seek is copied first, past 8 MiB to a nameless temporary file that is gone
    when the context ends, however it ends.
    """
    limits = Limits.of(options)
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        held = stream if _seeks(stream) else _copied(stream, cast(BinaryIO, copy), limits)
        try:
            _check_directory(held, limits)
            opened = ZipFile(held)
        except _BROKEN as error:
            raise Unreadable(f"This is no whole zip archive: {error}", code="bad_zip") from error
        with opened:
            yield Archive(opened, limits)


def is_zip(head: bytes) -> bool:
    """Whether a file that begins so is a zip archive (an empty one included)."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def _seeks(stream: BinaryIO) -> bool:
    seekable = getattr(stream, "seekable", None)
    return bool(seekable and seekable())


def _copied(stream: BinaryIO, copy: BinaryIO, limits: Limits) -> BinaryIO:
    size = 0
    while step := stream.read(_STEP):
        size += len(step)
        if size > limits.zip_bytes:
            raise _bomb(f"An archive holds at most {limits.zip_bytes} bytes.", None)
        copy.write(step)
    copy.seek(0)
    return copy


def _check_directory(held: BinaryIO, limits: Limits) -> None:
    """Refuses a directory of too many files before it is loaded as a whole (APPNOTE 4.3.16)."""
    end = held.seek(0, 2)
    held.seek(max(0, end - 22 - 65535 - 76))
    tail = held.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise BadZipFile("its end is missing")
    (size,) = struct.unpack_from("<L", tail, at + 12)
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and at - wide >= 56:
        size = (
            max(size, struct.unpack_from("<Q", tail, wide + 40)[0]) if size == 2**32 - 1 else size
        )
    # 46 bytes is the least a file takes there; names and dates make it about 100.
    if size > limits.zip_members * 256:
        raise _too_many(limits)
    held.seek(0)


def _fault(name: str, info: ZipInfo) -> tuple[str, str] | None:
    parts = name.split("/")
    unsafe = name.startswith("/") or ".." in parts or "\\" in name or name[1:2] == ":"
    if unsafe or len(name) > _LONGEST_NAME or any(ord(c) < 32 or c == "\x7f" for c in name):
        return "unsafe_path", "A name in the archive leads elsewhere, or is no plain name."
    if info.external_attr >> 16 & _KIND == _SYMLINK:
        return "unsafe_path", "The archive holds a symbolic link."
    if info.flag_bits & _ENCRYPTED:
        return "encrypted", "The file is encrypted."
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "unsupported_compression", "Only stored and deflated files are read."
    return None


def _too_many(limits: Limits) -> Unreadable:
    return _bomb(f"An archive holds at most {limits.zip_members} files.", None)


def _bomb(detail: str, name: str | None) -> Unreadable:
    return Unreadable(detail, code="archive_too_large", name=name)
