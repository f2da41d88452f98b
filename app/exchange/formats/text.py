"""Plain text in: one file is one article, a zip of .txt files is one article each."""

from collections.abc import Iterable, Iterator
from encodings import normalize_encoding
from encodings.aliases import aliases
from hashlib import sha256
from typing import BinaryIO, cast

from app.exchange.formats.base import Format, Options, Read, Unreadable
from app.exchange.formats.checks import storable
from app.exchange.formats.peeking import Peeked
from app.exchange.formats.unzipping import archive, is_zip
from app.exchange.rows import ArticleRow

_LARGEST = 64 * 1024 * 1024
_STEP = 256 * 1024
_TITLE = 120
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Windows-1252 leaves five bytes undefined, so a wrong guess is mostly refused.
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1")


class PlainText(Format):
    """Articles from plain text, every character and line end kept."""

    name, title = "text", "Plain text (one file, or a zip of them)"
    media_type, suffix = "text/plain", "txt"
    reads = True
    keeps = "The text, character by character. Only read, not written."
    loses = "Everything else: a text has no annotations; its title is its file name or first line."

    def read(self, stream: BinaryIO, options: Options) -> Iterable[Read | Unreadable]:
        """One article a file. The path within the zip, without .txt, is the external id.

        Options: `encoding` (one of `ENCODINGS`, by default UTF-8; a byte order mark decides
        first), and for a single file `title` and `external_id`.
        """
        peeked = Peeked(stream)
        try:
            if is_zip(peeked.head(4)):
                yield from _archive(peeked.whole(), options)
            else:
                yield Read(_single(_all(cast(BinaryIO, peeked)), options))
        except Unreadable as error:
            yield error


def encoding_called(name: str) -> str:
    """The encoding of `ENCODINGS` that goes by this name, such as latin1; raises `Unreadable`."""
    for encoding in ENCODINGS:
        if name.isascii() and _word(name) == _word(encoding):
            return encoding
    raise Unreadable(f"`encoding` is one of {', '.join(ENCODINGS)}.", code="bad_option")


def _word(name: str) -> str:
    word = normalize_encoding(name.lower())
    return aliases.get(word, word)


def _archive(stream: BinaryIO, options: Options) -> Iterator[Read | Unreadable]:
    with archive(stream, options) as opened:
        yield from opened.problems
        for name in opened.names:
            try:
                path = name.removesuffix(".txt")
                if path == name:
                    raise Unreadable("Only .txt files are read here.", code="not_a_text_file")
                text = _text(opened.read(name), options)
                yield Read(_article(path, path.rpartition("/")[2], text), None, name)
            except Unreadable as error:
                yield Unreadable(error.detail, code=error.code, name=name)


def _single(data: bytes, options: Options) -> ArticleRow:
    text = _text(data, options)
    external = str(options.get("external_id") or "") or None
    title = str(options.get("title") or "") or external or _first_line(text)
    return _article(external, title, text)


def _article(external: str | None, title: str, text: str) -> ArticleRow:
    digest = sha256(text.encode()).hexdigest()
    return ArticleRow(external or digest, title, text, digest, external_id=external)


def _first_line(text: str) -> str:
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"


def _all(stream: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while step := stream.read(_STEP):
        pieces.append(step)
        size += len(step)
        if size > _LARGEST:
            raise Unreadable(f"A text holds at most {_LARGEST} bytes.", code="too_long")
    return b"".join(pieces)


def _text(data: bytes, options: Options) -> str:
    """The text; its byte order mark is not part of it."""
    encoding = encoding_called(str(options.get("encoding", "utf-8")))
    for mark, marked in _MARKS:
        if data.startswith(mark):
            encoding = marked
            break
    try:
        return storable(data.decode(encoding), "The text")
    except UnicodeDecodeError as error:
        detail = f"This is not {encoding}: {error.reason} at byte {error.start}."
        raise Unreadable(detail, code="bad_encoding") from None
