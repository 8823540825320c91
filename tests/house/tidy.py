"""The rules of tidiness as plain functions of one signature: ``rule(path, name) -> list of complaints``.

``path`` is the file, ``name`` its name inside the project. Exceptions are named in test_tidy.py, never here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES = 400
FUNCTION_LINES = 60
FILE_BYTES = 500_000
FONTS = "templates/fonts/"
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".sql", ".txt", ".csv", ".json", ".html", ".css", ".js", ".svg", ".beancount", ""}
LOCKS = re.compile(r"(^|/)(pyproject\.toml|Makefile|run\.py|\.ci/.*|.*(constraints|requirements).*|.*\.lock|.*lock\.json)$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Every function with its dotted name inside the module."""

    def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                yield prefix + child.name, child
            yield from below(child, f"{prefix}{child.name}." if isinstance(child, Function | ast.ClassDef) else prefix)

    yield from below(tree, "")


def long_module(path: Path, name: str) -> list[str]:
    """A module that one can read in one sitting."""
    lines = _text(path).count("\n")
    return [f"{name}: {lines} lines, at most {MODULE_LINES}"] if lines > MODULE_LINES else []


def long_function(path: Path, name: str) -> list[str]:
    """A function that one can see whole."""
    return [
        f"{name}:{node.lineno} {dotted}: {length} lines, at most {FUNCTION_LINES}"
        for dotted, node in functions(ast.parse(_text(path)))
        if (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]


def bare_except(path: Path, name: str) -> list[str]:
    """No handler that catches everything unnamed, and none that swallows every Exception in silence."""
    complaints = []
    for node in ast.walk(ast.parse(_text(path))):
        if not isinstance(node, ast.ExceptHandler):
            continue
        silent = len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
        broad = isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")
        if node.type is None or (broad and silent):
            complaints.append(f"{name}:{node.lineno}: an except that hides everything")
    return complaints


def binary_money(path: Path, name: str) -> list[str]:
    """No ``float(`` call where money lives."""
    return [
        f"{name}:{node.lineno}: float( near money"
        for node in ast.walk(ast.parse(_text(path)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
    ]


def undescribed_test(path: Path, name: str) -> list[str]:
    """Every test states in its docstring what the software does."""
    return [
        f"{name}:{node.lineno}: {dotted} has no docstring"
        for dotted, node in functions(ast.parse(_text(path)))
        if node.name.startswith("test_") and not ast.get_docstring(node)
    ]


def undescribed_module(path: Path, name: str) -> list[str]:
    """Every module says what it is."""
    return [] if ast.get_docstring(ast.parse(_text(path))) else [f"{name}: the module has no docstring"]


def unfinished(path: Path, name: str) -> list[str]:
    """No note to oneself, and no body that is missing."""
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error")) + r")\b")
    return [f"{name}:{number}: {found.group()}" for number, line in enumerate(_text(path).splitlines(), 1) if (found := marks.search(line))]


def machine_path(path: Path, name: str) -> list[str]:
    """No path of one person's machine."""
    mark = re.compile(r"(^|[^A-Za-z0-9._~/-])/(work|farm|root|home|Users)/[A-Za-z.]|[A-Za-z]:\\\\?Users\\")
    return [f"{name}:{number}: {line.strip()[:80]}" for number, line in enumerate(_text(path).splitlines(), 1) if mark.search(line)]


def address(path: Path, name: str) -> list[str]:
    """No address, index option or hash in a lock, build or CI file: where packages come from is the machine's business."""
    if not LOCKS.search(name):
        return []
    mark = re.compile(r"\w+://|--(extra-)?index-url|--find-links|--trusted-host|--hash|pypi\.|npmjs\.|\bmirror[s]?\.", re.IGNORECASE)
    return [f"{name}:{number}: {line.strip()[:80]}" for number, line in enumerate(_text(path).splitlines(), 1) if mark.search(line)]


def line_ends(path: Path, name: str) -> list[str]:
    """Lines end in LF, and a text ends with one."""
    if path.suffix not in TEXT:
        return []
    content = path.read_bytes()
    if b"\r" in content:
        return [f"{name}: has CR line ends"]
    return [f"{name}: does not end with a line end"] if content and not content.endswith(b"\n") else []


def heavy_file(path: Path, name: str) -> list[str]:
    """No file that weighs the repository down; fonts are the one exception."""
    size = path.stat().st_size
    return [f"{name}: {size:,} bytes, at most {FILE_BYTES:,}"] if size > FILE_BYTES and not name.startswith(FONTS) else []
