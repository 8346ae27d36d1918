"""Signals of a text's lines: how they begin, how they end, how long they are, how many repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.filter.characters import SENTENCE_END

# FineWeb counts `.`, `!`, `?` and both straight quotes (datatrove, fineweb_quality_filter.py). Other scripts' marks and
# quotes are their equals; a closing bracket is looked through.
_QUOTES = frozenset("\"'”’“»«›‹」』")
_ENDINGS = SENTENCE_END | _QUOTES
# Looked through: closing brackets, and the cell borders that extractors leave of layout tables.
_BRACKETS = ")]}）］】〉》| "
# Not the dash: dialogue in Russian, French, Spanish or Polish begins with "—" or "–".
_BULLETS = frozenset("•‣⁃◦∙·●○■□▪▫▶►➤✓-*")
_ELLIPSES = ("...", "…")
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n")

# Lines and paragraphs are looked at up to so many: Gopher rejects texts of more words than that (Rae et al. 2021,
# table A1), and a line is a Python object, a million of which a hostile page could ask for. A text with more is judged
# by its first: whoever fills them can repeat what he likes behind. In a text of 4 MiB, the longest there is by default
# (extract.max_text_bytes), that takes lines of 41 bytes and fewer.
MEASURED_LINES = 100_000

# FineWeb (Penedo et al. 2024, section 3.6) calls a line of at most 30 characters short.
SHORT = 30

# What C4 drops lines for (Raffel et al. 2020, section 2.2; the phrases are those of tensorflow_datasets' c4_utils).
_SCRIPT_WORD = "javascript"
_POLICIES = ("terms of use", "privacy policy")
_COOKIE, _COOKIES = "cookie", ("cookie policy", "uses cookies", "use of cookies", "use cookies")


def lines_of(text: str) -> list[str]:
    """The lines of a text, stripped, without the empty ones; the first `MEASURED_LINES`, empty ones counted."""
    return [stripped for line in text.split("\n", MEASURED_LINES)[:MEASURED_LINES] if (stripped := line.strip())]


def line_signals(text: str, lines: Sequence[str]) -> dict[str, float]:
    """Shares of lines, or of their characters, in [0, 1]; 0 for a text without lines. `lines` = lines_of(text)."""
    count = max(len(lines), 1)
    dup_lines, dup_line_chars = _repeats(lines)
    # Paragraphs that are equal begin with lines that are, so that most texts need not be cut into them.
    possible = dup_lines or len(text) >= MEASURED_LINES
    dup_paragraphs, dup_paragraph_chars = _repeats(_paragraphs(text)) if possible else (0.0, 0.0)
    return {
        "bullet_lines": sum([line[0] in _BULLETS for line in lines]) / count,
        "ellipsis_lines": sum([line.endswith(_ELLIPSES) for line in lines]) / count,
        "line_punct": sum([_ends_sentence(line) for line in lines]) / count,
        "short_lines": sum([len(line) <= SHORT for line in lines]) / count,
        "dup_lines": dup_lines,
        "dup_line_chars": dup_line_chars,
        "dup_paragraphs": dup_paragraphs,
        "dup_paragraph_chars": dup_paragraph_chars,
    }


def javascript_lines(lower: str, lines: Sequence[str]) -> list[str]:
    """The lines that mention JavaScript. `lower` and `lines` in lower case."""
    return [line for line in lines if _SCRIPT_WORD in line] if _SCRIPT_WORD in lower else []


def policy_lines(lower: str, lines: Sequence[str]) -> list[str]:
    """The lines about cookies, terms of use or privacy policies. `lower` and `lines` in lower case."""
    possible = _POLICIES + _COOKIES if _COOKIE in lower else _POLICIES
    phrases = [phrase for phrase in possible if phrase in lower]
    return [line for line in lines if any(phrase in line for phrase in phrases)] if phrases else []


def _ends_sentence(line: str) -> bool:
    last = line[-1]
    return last in _ENDINGS or (last in _BRACKETS and line.rstrip(_BRACKETS)[-1:] in _ENDINGS)


def _repeats(blocks: Sequence[str]) -> tuple[float, float]:
    """Share of blocks seen before in the text, and share of characters in them."""
    distinct = dict.fromkeys(blocks)
    if len(distinct) == len(blocks):
        return 0.0, 0.0
    characters = sum(map(len, blocks))
    return 1 - len(distinct) / len(blocks), 1 - sum(map(len, distinct)) / characters


def _paragraphs(text: str) -> list[str]:
    """Runs of lines between empty lines, the first `MEASURED_LINES`; a text without empty lines is one."""
    if "\n" not in text:
        return []
    blocks = _PARAGRAPH_BREAK.split(text, MEASURED_LINES)[:MEASURED_LINES]
    return [stripped for block in blocks if (stripped := block.strip())]
