"""Finding letters in texts whatever their case, in every script and on both engines alike."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def holds(text: ColumnElement[Any], letters: str) -> ColumnElement[bool]:
    """The condition that a text has these letters somewhere; their case does not count.

    SQLite itself knows the case of ASCII only. It is quicker at that than a function of ours,
    which is asked only where other letters are looked for.
    """
    if letters.isascii():
        return text.icontains(letters, autoescape=True)
    return _Holds(text, literal(letters.lower()))


class _Holds(FunctionElement[bool]):
    """That a text, made lower, has letters that are lower already."""

    inherit_cache = True
    type = Boolean()


@compiles(_Holds, "sqlite")
def _in_sqlite(element: _Holds, compiler: SQLCompiler, **more: Any) -> str:
    return f"holds_letters({compiler.process(element.clauses, **more)})"


@compiles(_Holds, "postgresql")
def _in_postgres(element: _Holds, compiler: SQLCompiler, **more: Any) -> str:
    text, letters = (compiler.process(part, **more) for part in element.clauses)
    return f"(strpos(lower({text}), {letters}) > 0)"
