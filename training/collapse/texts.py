"""Human text of the study: prose shipped with Python, or a folder of text files; split by source, nothing shared.

A *source* is a package, a module of the standard library, a topic of the language reference, or a text file. Of every
source all passages go to one part. A passage that says mostly what an earlier one said is left out, whatever its part.
"""

from __future__ import annotations

import ast
import sysconfig
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from training.corpus import assign
from training.gather import is_fresh
from training.passages import cut
from training.prose import form_of, paragraphs
from transforms.errors import InputError

MINORITY = "minority"
"""The folder inside `--text` that holds the texts of the minority register."""

_NO_SOURCES = frozenset(("test", "site-packages", "dist-packages", "__pycache__", "pydoc_data"))
_A_SOURCE = 240  # passages of one source at most: no package is a quarter of the text
_FILE_BYTES = 1 << 22
_PARTS = 20  # twentieths of the sources: `_TRAIN` to learn from, `_HELD` held out, the rest for fitting a detector
_TRAIN, _HELD = 12, 4
_LEAST = 8  # passages that the text needs in each part


@dataclass(frozen=True, slots=True)
class Passage:
    """Some paragraphs of running prose by people, each on a line of its own."""

    text: str
    source: str
    minority: bool  # whether it is of the minority register


@dataclass(frozen=True, slots=True)
class Texts:
    """The parts; no source is in two of them."""

    train: tuple[Passage, ...]  # what a crawl finds of people
    held: tuple[Passage, ...]  # what models are judged on
    detector: tuple[Passage, ...]  # what a detector may be fitted on

    @property
    def digest(self) -> str:
        """Eight hex digits that tell whether two studies had the same texts in the same parts."""
        total = 0
        for part in (self.train, self.held, self.detector):
            for passage in part:
                total = zlib.crc32(passage.text.encode("utf-8", "replace"), total)
        return f"{total:08x}"


def python_prose() -> Iterator[Passage]:
    """The language reference, docstrings of the standard library, then those of every installed package."""
    yield from library_prose()
    yield from _docstrings_below(Path(sysconfig.get_path("purelib")))


def library_prose() -> Iterator[Passage]:
    """What every Python has: the language reference (`pydoc`), then docstrings of the standard library.

    The reference is the minority register: it lays down ("the operand must", "it is an error if") where docstrings
    describe, it is by other hands, some 4 % of the words of all, and has not the copies that licences consist of.
    """
    for name, text in import_module("pydoc_data.topics").topics.items():
        yield from (Passage(p, f"topic:{name}", True) for p in cut(paragraphs(name, text.encode(), "plain"), name))
    yield from _docstrings_below(Path(sysconfig.get_path("stdlib")))


def folder_prose(folder: Path) -> Iterator[Passage]:
    """The passages of every text file below a folder; those below its folder `minority` are that register.

    Raises InputError if there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder}: expected a folder of text files, found none")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            data = file.read(_FILE_BYTES)
        for text in cut(paragraphs(name, data, form_of(name)), name):
            yield Passage(text, name, name.startswith(f"{MINORITY}/"))


def split(passages: Iterable[Passage]) -> Texts:
    """Sources go to the parts by size, the largest first, each to where least is; registers apart.

    Raises InputError if a part has too few passages.
    """
    seen: set[int] = set()
    fresh = [passage for passage in passages if is_fresh(passage.text, seen)]
    parts: tuple[list[Passage], ...] = ([], [], [])
    for minority in (False, True):
        own = [passage for passage in fresh if passage.minority == minority]
        fold = assign(np.array([passage.source for passage in own], dtype=np.str_), _PARTS)
        for passage, twentieth in zip(own, fold.tolist(), strict=True):
            parts[(twentieth >= _TRAIN) + (twentieth >= _TRAIN + _HELD)].append(passage)
    texts = Texts(*map(tuple, parts))
    if min(map(len, parts)) < _LEAST:
        raise InputError(f"expected at least {_LEAST} passages of prose in each part, got {list(map(len, parts))}")
    return texts


def _docstrings_below(root: Path) -> Iterator[Passage]:
    for top in sorted(root.iterdir()):
        if top.name not in _NO_SOURCES:
            yield from _of_source(top.name, _python_files(top))


def _of_source(name: str, files: Iterable[Path]) -> Iterator[Passage]:
    """At most `_A_SOURCE` passages of a package, of files in an order without regard to topic."""
    left = _A_SOURCE
    for path in sorted(files, key=lambda path: zlib.crc32(path.as_posix().encode())):
        prose = "\n\n".join(_docstrings(path)).encode("utf-8", "replace")
        for text in cut(paragraphs(path.name, prose, "plain"), path.name):
            if not left:
                return
            left -= 1
            yield Passage(text, name, False)


def _python_files(top: Path) -> list[Path]:
    files = [top] if top.suffix == ".py" else top.rglob("*.py")
    return [path for path in files if path.is_file() and not {"test", "tests"} & set(path.parts)]


def _docstrings(path: Path) -> Iterator[str]:
    """The docstrings of a file in order; the file is parsed, not run. None if it cannot be parsed."""
    try:
        tree = ast.parse(path.read_bytes()[:_FILE_BYTES])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    within: list[ast.AST] = [tree]
    while within:  # ast.walk would look at every expression, too
        node = within.pop()
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node)
            if docstring:
                yield docstring
            within += reversed(node.body)
