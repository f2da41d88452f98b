"""Every code that the application can give a problem, found in its source.

A code is a constant word handed to a parameter or member named `code`, whatever the function,
class or document. What is computed is not found; `COMPUTED` names it.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

APP = Path(__file__).parents[2] / "app"
WORD = re.compile(r"[a-z][a-z_]*")


@cache
def codes_in_source(folder: Path = APP) -> dict[str, str]:
    """Each code, with a place where it stands."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))}
    places: dict[str, set[int]] = defaultdict(set)
    for name, place in _parameters(trees.values()):
        places[name].add(place)  # functions of one name may take their code in other places
    found: dict[str, str] = {}
    for path, tree in trees.items():
        for node in ast.walk(tree):
            for constant in _constants(node, places):
                if isinstance(constant.value, str) and WORD.fullmatch(constant.value):
                    found.setdefault(constant.value, f"{path.name}:{constant.lineno}")
    return found


def _parameters(trees: "Iterator[ast.Module]") -> Iterator[tuple[str, int]]:
    """Functions and classes that take a `code`, and which of their arguments it is."""
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args if argument.arg not in _SELF]
                if "code" in names:
                    yield node.name, names.index("code")
            if isinstance(node, ast.ClassDef):
                yield from _of_class(node)


_SELF = ("self", "cls")


def _of_class(node: ast.ClassDef) -> Iterator[tuple[str, int]]:
    fields = [
        part.target.id
        for part in node.body
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
    ]
    if "code" in fields:
        yield node.name, fields.index("code")
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name in {"__init__", "__new__"}:
            names = [argument.arg for argument in part.args.args if argument.arg not in _SELF]
            if "code" in names:
                yield node.name, names.index("code")


def _constants(node: ast.AST, places: dict[str, set[int]]) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Call):
        given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        given += [node.args[at] for at in places.get(name or "", ()) if at < len(node.args)]
        yield from _words(given)
    elif isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        yield from _words(
            [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
        )
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(getattr(target, "id", None) == "code" for target in targets):
            yield from _words([node.value])


def _words(given: list[ast.expr]) -> Iterator[ast.Constant]:
    """The constants in an expression, such as both of `"a" if x else "b"`."""
    for expression in given:
        if isinstance(expression, ast.Constant):
            yield expression
        elif isinstance(expression, ast.IfExp):
            yield from _words([expression.body, expression.orelse])
