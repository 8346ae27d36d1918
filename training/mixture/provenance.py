"""What a kept answer was made of, as one digest: the code that answers, as far as its imports reach, and the texts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path

import numpy as np

from training.corpus import Corpus

_ROOT = Path(__file__).parents[2]
_PROJECT = ("training", "transforms")


def digest_of(corpus: Corpus, modules: Iterable[str], *others: str) -> str:
    """Digest of a corpus, of all code of the project that `modules` reach, and of other text, in hexadecimal.

    Comments, docstrings and installed libraries are not part of it.
    """
    found = blake2b(_of_corpus(corpus), digest_size=6)
    for file in sorted(reached(modules)):
        found.update(file.relative_to(_ROOT).as_posix().encode() + b"\0" + _code(file.read_bytes()) + b"\0")
    for other in others:
        found.update(other.encode() + b"\0")
    return found.hexdigest()


def reached(modules: Iterable[str]) -> set[Path]:
    """The files of these modules, and of every module of the project that they import, directly or not."""
    found: set[Path] = set()
    left = list(modules)
    while left:
        file = _file_of(left.pop())
        if file and file not in found:
            found.add(file)
            left += _imported(file)
    return found


def _file_of(module: str) -> Path | None:
    """None where it is no module of the project."""
    path = _ROOT.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if module.startswith(_PROJECT) and file.is_file()), None)


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)  # a module of a package, or none


def _code(source: bytes) -> bytes:
    """The syntax tree without docstrings: an answer does not change with the words about it.

    >>> _code(b'def f(): return 1  # one') == _code(b'def f():\\n  "One."\\n  return 1') != _code(b'def f(): return 2')
    True
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_text(body[0]):
            del body[0]
    return ast.dump(tree).encode()


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _of_corpus(corpus: Corpus) -> bytes:
    """Digest of every column: labels, folds and pools are made of all of them."""
    found = blake2b()
    for field in fields(corpus):
        for value in np.asarray(getattr(corpus, field.name), dtype=object).tolist():
            found.update(str(value).encode("utf-8", "surrogatepass") + b"\0")
    return found.digest()
