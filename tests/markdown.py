"""What a page of the documentation says that can be checked: links, anchors, commands."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(```+|~~~+)([^\n]*)\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?<=\n\n)(?: {4}[^\n]*\n)+")
_SHELL = ("", "sh", "console")  # what may follow the fence of a block of commands
_CODE = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
_FIRSTHAND = re.compile(r"^(?:\$ )?(?:\w+=\S+ +)*(?:[\w./~]+/)?firsthand +([a-z].*)$")
_OPTIONAL = re.compile(r"(?<!\S)\[[^\[\]]*\](?!\S)")  # `[options]` of a usage line


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    text: str

    @classmethod
    def read(cls, path: Path) -> Page:
        """The page at this path."""
        return cls(path.read_text(encoding="utf-8"))

    def fences(self) -> list[str]:
        """The fenced and indented blocks that may hold commands, without their fences."""
        fenced = [match[3] for match in _FENCE.finditer(self.text) if match[2].strip() in _SHELL]
        return fenced + _INDENTED.findall(_FENCE.sub("", self.text))

    def programs(self) -> list[str]:
        """The blocks of Python."""
        return [match[3] for match in _FENCE.finditer(self.text) if match[2].strip() == "python"]

    def prose(self) -> str:
        """All but the blocks."""
        return _INDENTED.sub("", _FENCE.sub("", self.text))

    def code(self) -> list[str]:
        """The code spans of the prose; one may run over the end of a line."""
        return [
            " ".join(match[2].split())
            for block in self.prose().split("\n\n")
            for match in _CODE.finditer(block.replace("\n", " "))
        ]

    def links(self) -> list[str]:
        """The targets of links and pictures."""
        return _LINK.findall(_CODE.sub("", self.prose()))

    def anchors(self) -> set[str]:
        """What `#` may be followed by, as GitHub makes it of headings."""
        found: list[str] = []
        for title in _HEADING.findall(self.prose()):
            plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "").lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
        return set(found)

    def lines(self) -> list[str]:
        """The lines of the blocks, those that a backslash continues in one."""
        blocks = (re.sub(r"\\\n\s*", "", textwrap.dedent(fence)) for fence in self.fences())
        return [line.rstrip() for block in blocks for line in block.splitlines()]

    def commands(self) -> Iterator[list[str]]:
        """The arguments of every `firsthand …` in a block.

        What follows two spaces is a description, what follows `|`, `>`, `;` or `&` another command; a capital letter by
        itself is a placeholder for a number, and what stands in brackets may be left out.
        """
        for line in self.lines():
            if match := _FIRSTHAND.match(line):
                said = _OPTIONAL.sub("", re.split(r"\s{2,}|\s#", match[1])[0])
                words = shlex.shlex(said, posix=True, punctuation_chars="|>;&")
                words.whitespace_split, words.commenters = True, ""
                yield [re.sub(r"^[A-Z]$", "1", word) for word in _until_operator(words)]

    def spans(self, first_word: str) -> list[str]:
        """What code spans and lines of blocks say that begin with this word."""
        said = [*self.code(), *(line.removeprefix("$ ") for line in self.lines())]
        return [text for text in said if text.split(" ")[0] == first_word]


def _until_operator(words: Iterator[str]) -> Iterator[str]:
    for word in words:
        if set(word) <= set("|>;&"):
            return
        yield word
