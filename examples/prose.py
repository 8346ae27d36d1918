"""Prose as a list of blocks, read from plain text (Python's own documentation) or from Markdown (this project's)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

_UNDERLINE = re.compile(r"([*=~^\-#\"])\1{2,}\s*")
_ITEM = re.compile(r"(?:[*\-•]|\d{1,2}[.)])\s+")
_CODE = re.compile(r"^\s*(?:>>>|\$ |[|+][-=+ |])|::=|={3,}\s+={3,}", re.MULTILINE)
_NOTE = re.compile(r"\s*(?:Note:|See also:|Warning:|Changed in|New in|Deprecated)")  # how topics set off an aside
_FENCE = re.compile(r"^```[^\n]*\n(.*?)^```[^\S\n]*$", re.MULTILINE | re.DOTALL)
_MARK = re.compile(r"^(#{1,6})\s+(.*)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, one item of a list, or a passage whose line breaks count."""

    kind: Literal["heading", "paragraph", "item", "code"]
    text: str
    level: int = 0  # of a heading: 2 to 6; 1 is the title of the page

    @property
    def prose(self) -> bool:
        """True if the text is sentences, not a heading and not code."""
        return self.kind in ("paragraph", "item")


@dataclass(frozen=True, slots=True)
class Article:
    """What one page says, without the site around it."""

    name: str  # last part of its address; ASCII letters, digits, "-", "_", "."
    title: str
    blocks: tuple[Block, ...]

    @property
    def words(self) -> int:
        """Number of words in sentences."""
        return sum(len(block.text.split()) for block in self.blocks if block.prose)


def read_plain(text: str, level: int = 2) -> tuple[Block, ...]:
    """The blocks of a docstring or of a topic of `pydoc_data`; its headings start at `level`.

    >>> [block.kind for block in read_plain("Name\\n====\\n\\nSome words.\\n\\n   >>> 1\\n   1\\n")]
    ['heading', 'paragraph', 'code']
    """
    return tuple(_plain_blocks(dedent(text.expandtabs()), level))


def read_markdown(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown file, without its level-1 headings; tables and fences become code."""
    blocks: list[Block] = []
    position = 0
    for fence in _FENCE.finditer(text):
        blocks += _markdown_blocks(text[position : fence.start()])
        blocks.append(Block("code", fence[1].rstrip()))
        position = fence.end()
    blocks += _markdown_blocks(text[position:])
    return tuple(blocks)


def _chunks(text: str) -> Iterator[str]:
    for chunk in re.split(r"\n[^\S\n]*\n", text):
        if chunk.strip():
            yield chunk.strip("\n").rstrip()


def _plain_blocks(text: str, level: int) -> Iterator[Block]:
    marks: list[str] = []  # underline characters in order of appearance: the order is their depth
    for chunk in _chunks(text):
        lines = chunk.splitlines()
        if len(lines) > 1 and _UNDERLINE.fullmatch(lines[1]) and not lines[0].startswith(" "):
            if lines[1][0] not in marks:
                marks.append(lines[1][0])
            yield Block("heading", lines[0].strip(), min(level + marks.index(lines[1][0]), 6))
            lines = lines[2:]
        if lines:
            yield from _passage(lines)


def _passage(lines: list[str]) -> Iterator[Block]:
    text = "\n".join(lines)
    indented = all(line.startswith("  ") for line in lines)
    if _CODE.search(text) or (indented and not _reads_as_sentences(text)):
        yield Block("code", dedent(text))
    elif _ITEM.match(text.lstrip()):
        yield from (Block("item", _one_line(_ITEM.sub("", item.lstrip(), count=1))) for item in _items(lines))
    else:
        yield Block("paragraph", _one_line(text))


def _items(lines: list[str]) -> Iterator[str]:
    """Each list item with the lines that continue it."""
    item: list[str] = []
    for line in lines:
        if item and _ITEM.match(line.lstrip()):
            yield "\n".join(item)
            item = []
        item.append(line)
    yield "\n".join(item)


def _reads_as_sentences(text: str) -> bool:
    """True for an indented passage that is prose: enough words, few symbols, ends as a sentence or clause does."""
    if _NOTE.match(text):
        return True
    letters = sum(c.isalpha() or c.isspace() for c in text)
    return len(text.split()) >= 5 and letters >= 0.85 * len(text) and text.rstrip()[-1] in '.,:;)!?”"'


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _markdown_blocks(text: str) -> Iterator[Block]:
    for chunk in _chunks(text):
        mark = _MARK.match(chunk.splitlines()[0])
        if mark and len(mark[1]) > 1:
            yield Block("heading", mark[2].strip(), len(mark[1]))
        rest = chunk.splitlines()[1:] if mark else chunk.splitlines()
        if rest and rest[0].lstrip().startswith("|"):
            yield Block("code", "\n".join(rest))
        elif rest:
            yield from _passage(rest)
