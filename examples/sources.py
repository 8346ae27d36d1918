"""Where the articles come from: text that people wrote and that every Python brings, and this project's own docs."""

from __future__ import annotations

import ast
import re
import sys
import sysconfig
from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from pydoc_data.topics import topics

from examples.prose import Article, Block, read_markdown, read_plain

MIN_WORDS = 40
"""Shorter articles are left out: half of the topics of one sentence are cross-references."""

_SKIPPED = {
    "test",
    "tests",
    "idlelib",
    "lib2to3",
    "distutils",
    "ensurepip",
    "turtledemo",
    "pydoc_data",
    "site-packages",
}
_Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def topic_articles(count: int) -> list[Article]:
    """At most `count` topics of the language reference, by name.

    Which ones depends on their names only (the smallest digests win), so that a small crawl is as mixed as a large
    one. Some topics stand under two names; the text is taken once.
    """
    unique = {topics[name]: name for name in sorted(topics, reverse=True)}
    return _choose((_topic_article(name, topics[name]) for name in sorted(unique.values(), key=_lot)), count)


def module_articles(count: int) -> list[Article]:
    """At most `count` modules of the standard library, chosen as topics are. The source is parsed, never imported."""
    paths = _module_paths()
    return _choose((_module_article(name, paths[name]) for name in sorted(paths, key=_lot)), count)


def own_articles(root: Path) -> list[Article]:
    """The Markdown files of the project in `root`: README.md, CHANGELOG.md and everything under docs/, by path."""
    paths = [path for path in (root / "README.md", root / "CHANGELOG.md") if path.is_file()]
    paths += sorted((root / "docs").rglob("*.md"))
    return [_own_article(path.relative_to(root), path.read_text(encoding="utf-8")) for path in paths]


def _lot(name: str) -> bytes:
    return blake2b(name.encode()).digest()


def _choose(articles: Iterator[Article], count: int) -> list[Article]:
    """The first `count` that are long enough, by name; no more are read than it takes."""
    long_enough = (article for article in articles if article.words >= MIN_WORDS)
    return sorted(islice(long_enough, count), key=lambda article: article.name)


def _topic_article(name: str, text: str) -> Article:
    blocks = read_plain(text, level=1)
    title = blocks[0].text if blocks and blocks[0].kind == "heading" else name
    return Article(name, title, tuple(block for block in blocks if block.text != title or block.kind != "heading"))


def _module_paths() -> dict[str, Path]:
    """Dotted name of every public module of the standard library that is written in Python → its source."""
    root = Path(sysconfig.get_paths()["stdlib"])
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")} - _SKIPPED
    paths = [root / f"{name}.py" for name in public] + [p for name in public for p in (root / name).rglob("*.py")]
    named = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}
    return {name: path for name, path in named.items() if path.is_file() and _is_public(name)}


def _is_public(name: str) -> bool:
    return not any(part.startswith("_") or part in _SKIPPED for part in name.split("."))


def _module_article(name: str, path: Path) -> Article:
    tree = ast.parse(path.read_bytes())
    doc = ast.get_docstring(tree) or ""
    first = doc.strip().splitlines()[0].strip() if doc.strip() else "module of the standard library"
    blocks = [*read_plain(doc, level=2), *_member_blocks(tree.body, 2)]
    return Article(name, f"{name} — {first}", tuple(blocks))


def _member_blocks(body: list[ast.stmt], level: int) -> Iterator[Block]:
    """Signature and docstring of every documented public function and class, and of the methods of a class."""
    for node in body:
        if not isinstance(node, _Documented) or node.name.startswith("_"):
            continue
        if doc := ast.get_docstring(node):
            yield Block("heading", _signature(node), level)
            yield from read_plain(doc, level + 1)
        if isinstance(node, ast.ClassDef):
            yield from _member_blocks(node.body, min(level + 1, 6))


def _signature(node: _Documented) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}"
    return f"{node.name}({ast.unparse(node.args)})"


def _own_article(path: Path, text: str) -> Article:
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    name = "-".join(path.with_suffix("").parts).lower()
    return Article(name, heading[1].strip() if heading else name, read_markdown(text))
