"""The two spellings of JSON in SQL, down to the same bytes.

Escapes in strings agree: both escape the quotation mark, the backslash and what lies below
U+0020 (as RFC 8259, section 7, demands), in the same short or long form, and nothing else.
Documents are stored as text and go out as they are.
"""

from collections.abc import Sequence
from typing import assert_never

from app.exchange.native.notation import Expression, Kind, Pieces


class Postgres:
    """PostgreSQL: pieces joined by `||`."""

    def value(self, kind: Kind, column: str) -> Pieces:
        match kind:
            case "id" | "word":
                return ['"', Expression(column), '"']
            case "text":
                return [Expression(f"to_json({column})")]
            case "whole":
                return [Expression(column)]
            case "json":
                return [Expression(f"{column}::text")]
            case "moment":
                shape = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""
                return ['"', Expression(f"to_char({column}, {shape})"), '"']
            case "score":
                # The shortest form that reads back equal, but whole numbers without a point.
                whole = f"CASE {column} WHEN 0 THEN '0.0' WHEN 1 THEN '1.0'"
                return [Expression(f"{whole} ELSE {column}::text END")]
            case _:
                assert_never(kind)

    def joined(self, pieces: Sequence[str]) -> Expression:
        return Expression(
            " || ".join(
                piece if isinstance(piece, Expression) else _quoted(piece) for piece in pieces
            )
        )


class Sqlite:
    """SQLite: one `printf`, a third quicker there than a chain of `||`.

    `shortest` is a function of ours (`export.driving.lite` lends it to the connection), since
    SQLite itself writes 15 digits of a float and no more.
    """

    def value(self, kind: Kind, column: str) -> Pieces:
        match kind:
            case "id" | "word" | "moment":
                return ['"', Expression(column), '"']
            case "text":
                return [Expression(f"json_quote({column})")]
            case "whole" | "json":
                return [Expression(column)]
            case "score":
                return [Expression(f"shortest({column})")]
            case _:
                assert_never(kind)

    def joined(self, pieces: Sequence[str]) -> Expression:
        values = [piece for piece in pieces if isinstance(piece, Expression)]
        shape = "".join(
            "%s" if isinstance(piece, Expression) else piece.replace("%", "%%") for piece in pieces
        )
        return Expression(f"printf({', '.join((_quoted(shape), *values))})")


def _quoted(piece: str) -> str:
    return "'" + piece.replace("'", "''") + "'"
