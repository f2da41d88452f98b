"""Plain text: kept character by character, whatever the encoding says."""

import io
import struct
import zipfile

import pytest

from app.exchange.formats.text import PlainText
from tests.exchange.formats.reading import Pipe, Taken, taken, zip_of
from tests.exchange.formats.sample import texts

FORMAT = PlainText()


def test_a_zip_of_texts_keeps_every_character() -> None:
    files = {f"news/{key}.txt": text.encode() for key, text in texts().items()}
    for stream in (io.BytesIO(zip_of(files)), Pipe(zip_of(files), 500)):
        result = Taken(FORMAT.read(stream, {}))  # type: ignore[arg-type]
        assert result.codes == []
        assert {row.external_id: row.text for row in result.articles} == {
            f"news/{key}": text for key, text in texts().items()
        }


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"\xef\xbb\xbfplain\r\n", None, "plain\r\n"),
        ("🔥 fire".encode("utf-16"), None, "🔥 fire"),
        (b"caf\xe9 \x80", "windows-1252", "café €"),
        (b"", None, ""),
    ],
)
def test_encodings(data: bytes, encoding: str | None, text: str) -> None:
    options = {"encoding": encoding} if encoding else {}
    assert taken(FORMAT, data, **options).articles[0].text == text


def test_a_single_text_is_named_by_options_or_its_first_line() -> None:
    assert taken(FORMAT, b"\n  One \ntwo").articles[0].title == "One"
    row = taken(FORMAT, b"x", title="T", external_id="e").articles[0]
    assert (row.title, row.external_id, row.id) == ("T", "e", "e")
    assert len(taken(FORMAT, b"x" * 500).articles[0].title) == 120


@pytest.mark.parametrize(
    ("data", "options", "code"),
    [
        (b"caf\xe9", {}, "bad_encoding"),
        (b"a\x00b", {}, "bad_character"),
        (b"a", {"encoding": "rot13"}, "bad_option"),
        (b"PK\x03\x04broken", {}, "bad_zip"),
        (zip_of({"../up.txt": b"x"}), {}, "unsafe_path"),
        (zip_of({"/etc/up.txt": b"x"}), {}, "unsafe_path"),
        (zip_of({"a\\b.txt": b"x"}), {}, "unsafe_path"),
        (zip_of({"C:up.txt": b"x"}), {}, "unsafe_path"),
        (zip_of({"a.pdf": b"x"}), {}, "not_a_text_file"),
        (zip_of({"a.txt": b" " * 3_000_000}), {}, "archive_too_large"),
        (zip_of({"a.txt": b"abc" * 50}), {"zip_member_bytes": 100}, "archive_too_large"),
        (zip_of({"a.txt": b"abc", "b.txt": b"abc"}), {"zip_members": 1}, "archive_too_large"),
        (zip_of({f"{n}": b"" for n in range(100)}), {"zip_members": 1}, "archive_too_large"),
    ],
)
def test_bad_input_is_named(data: bytes, options: dict[str, object], code: str) -> None:
    result = taken(FORMAT, data, **options)
    assert result.codes == [code]
    assert result.articles == []


def test_the_total_counts_what_was_really_unpacked() -> None:
    data = zip_of({f"{n}.txt": b"abcdefgh" * 100 for n in range(10)})
    result = taken(FORMAT, data, zip_total_bytes=3000)
    assert len(result.articles) == 3
    assert set(result.codes) == {"archive_too_large"}


def test_a_pipe_beyond_the_limit_is_not_copied_further() -> None:
    stream = Pipe(zip_of({"a.txt": bytes(range(256)) * 40}), 64)
    result = Taken(FORMAT.read(stream, {"zip_bytes": 200}))  # type: ignore[arg-type]
    assert result.codes == ["archive_too_large"]


def test_damage_in_one_file_leaves_the_others() -> None:
    data = bytearray(zip_of({"a.txt": b"first text", "b.txt": b"second text"}))
    data[data.index(b"a.txt") + 7] ^= 0xFF
    result = taken(FORMAT, bytes(data))
    assert result.codes == ["bad_zip"]
    assert [row.title for row in result.articles] == ["b"]


def test_every_truncation_is_survived() -> None:
    data = zip_of({"a.txt": b"first text", "b.txt": b"second text"})
    for cut in range(4, len(data)):
        assert taken(FORMAT, data[:cut]).codes == ["bad_zip"]


def test_encrypted_links_and_doubles_are_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("a.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "two")
        archive.writestr("b.txt", "secret")
        archive.writestr("c.txt", "bz", zipfile.ZIP_BZIP2)
    data = bytearray(held.getvalue())
    at = data.rindex(b"b.txt") - 46
    struct.pack_into("<H", data, at + 8, 1)
    result = taken(FORMAT, bytes(data))
    expected = ["duplicate_member", "encrypted", "unsafe_path", "unsupported_compression"]
    assert sorted(result.codes) == expected
    assert [row.text for row in result.articles] == ["one"]
