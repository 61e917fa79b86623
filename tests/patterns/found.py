"""All regular expressions of the package, found by themselves: those of its modules, and those in its functions."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import forensics

ROOT: Final = Path(forensics.__file__).parent
_ANCHORED: Final = frozenset({"match", "fullmatch"})
_METHODS: Final = _ANCHORED | {"search", "sub", "subn", "split", "findall", "finditer"}
_AT_RUN_TIME: Final = {"compile", *_METHODS}


@dataclass(frozen=True, slots=True)
class Found:
    """One pattern.

    Attributes:
        pattern: what is matched.
        flags: of `re`.
        where: the file and line that compile it, below the package.
        anchored: it is tried at the start of a text only, and never searched for.
    """

    pattern: str | bytes
    flags: int
    where: str
    anchored: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A call of `re` inside a function whose pattern is made there: a test must know such a place by name."""

    where: str
    call: str


def found_patterns() -> tuple[list[Found], list[Unknown]]:
    """All patterns. Modules are loaded anew here, so call this in a process of its own."""
    anchored = _anchored_lines()
    found = [Found(pattern, flags, where, where in anchored) for pattern, flags, where in _compiled_by_modules()]
    inside, unknown = _inside_functions()
    return found + inside, unknown


def _compiled_by_modules() -> list[tuple[str | bytes, int, str]]:
    """What is given to `re.compile` while all modules are loaded, tables and f-strings included."""
    seen: list[tuple[str | bytes, int, str]] = []
    compiled: Any = re.compile

    def noting(pattern: Any, flags: int = 0) -> Any:
        frame = inspect.currentframe()
        caller = frame.f_back if frame else None
        if caller is not None and caller.f_code.co_filename.startswith(str(ROOT)):
            file = Path(caller.f_code.co_filename).relative_to(ROOT.parent)
            seen.append((pattern, int(flags), f"{file}:{caller.f_lineno}"))
        return compiled(pattern, flags)

    re.compile = noting
    try:
        for module in pkgutil.walk_packages([str(ROOT)], "forensics."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    finally:
        re.compile = compiled
    return seen


def _trees() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(ROOT.parent)), ast.parse(path.read_text())) for path in sorted(ROOT.rglob("*.py"))]


def _anchored_lines() -> set[str]:
    """`file:line` of patterns that are only ever tried at the start of a text."""
    trees = _trees()
    everywhere: dict[str, set[str]] = defaultdict(set)
    for _, tree in trees:
        for name, methods in _methods_of_names(tree).items():
            everywhere[name] |= methods
    lines = set()
    for file, tree in trees:
        here = _methods_of_names(tree)
        for node in tree.body:
            name = _assigned(node) or ""
            methods = (here if name.startswith("_") else everywhere).get(name) or _methods_of_attributes(tree)
            if methods <= _ANCHORED:
                lines |= {f"{file}:{line}" for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return lines


def _methods_of_attributes(tree: ast.Module) -> set[str]:
    """All methods that this file could call on a pattern, whatever holds it: of those that no name leads to."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in _METHODS - {"split"} and not _is_of_re(node)
    }


def _methods_of_names(tree: ast.Module) -> dict[str, set[str]]:
    """Which methods of patterns are called on each name of a file.

    What is called on `each` of `for each in TABLE` is called on TABLE, and on each name that TABLE is made of.
    """
    methods: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _METHODS:
            methods[node.value.id] |= {node.attr} if node.value.id != "re" else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Name):
            for member in ast.walk(node.target):
                if isinstance(member, ast.Name):
                    methods[node.iter.id] |= methods.get(member.id, set())
    for node in tree.body:
        table = _assigned(node)
        if table and isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            for member in ast.walk(node.value):
                if isinstance(member, ast.Name):
                    methods[member.id] |= methods.get(table, set())
    return {name: found for name, found in methods.items() if found}


def _assigned(node: ast.stmt) -> str | None:
    target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
    return target.id if isinstance(target, ast.Name) else None


def _inside_functions() -> tuple[list[Found], list[Unknown]]:
    """Calls of `re` inside functions: with a constant, or one that a test must know."""
    found, unknown = [], []
    for file, tree in _trees():
        inside = {
            id(node): node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.Lambda)
            for node in ast.walk(function)
        }
        for node in inside.values():
            if not isinstance(node, ast.Call) or not _is_of_re(node.func):
                continue
            where = f"{file}:{node.lineno}"
            pattern = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            if isinstance(pattern, str | bytes):
                anchored = isinstance(node.func, ast.Attribute) and node.func.attr in _ANCHORED
                found.append(Found(pattern, _flags(node), where, anchored))
            else:
                unknown.append(Unknown(file, ast.unparse(node)))
    return found, unknown


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
        and function.attr in _AT_RUN_TIME
    )


def _flags(call: ast.Call) -> int:
    flags = 0
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Attribute) and node.attr.isupper():
                flags |= int(getattr(re, node.attr))
    return flags
