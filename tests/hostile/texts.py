"""Texts that a hostile page may hold, each made to be slow or large for something that a worker does with it.

They stand for what leaves the extractor: valid Unicode, of as many bytes as it may have.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass

Build = Callable[[random.Random, int], str]
"""(source of chance, bytes of UTF-8) → a text of about so many bytes, or more."""


@dataclass(frozen=True, slots=True)
class HostileText:
    """A kind of text, of any size."""

    name: str
    build: Build

    def make(self, size: int) -> str:
        """The text in at most `size` bytes of UTF-8: the same every time."""
        text = self.build(random.Random(self.name), size)
        return text.encode()[:size].decode(errors="ignore")


def _again(piece: str) -> Build:
    """A piece over and over."""
    return lambda _, size: piece * (size // len(piece.encode()) + 1)


def _any_of(alphabet: str, *, between: str = "") -> Build:
    """Characters of an alphabet by chance, with something between them."""
    weight = (len(alphabet.encode()) / len(alphabet)) + len(between.encode())
    return lambda chance, size: between.join(chance.choices(alphabet, k=int(size / weight) + 1))


def _range(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


def _words(chance: random.Random, size: int) -> str:
    """Words that come once each."""
    return " ".join(f"{chance.getrandbits(44):x}" for _ in range(size // 12 + 1))


def _sentences(chance: random.Random, size: int) -> str:
    """Prose of a thousand words, with a letter beyond ASCII in front."""
    words = [f"w{chance.getrandbits(24):x}" for _ in range(1000)]
    lines = (" ".join(chance.choices(words, k=20)).capitalize() + ".\n" for _ in range(size // 120 + 1))
    return "é " + "".join(lines)


def _lines(chance: random.Random, size: int) -> str:
    """Lines that come once each, with an empty one after every second."""
    return "".join(f"{chance.getrandbits(24):x}\n" + "\n" * (number % 2) for number in range(size // 7 + 1))


def _base64(chance: random.Random, size: int) -> str:
    return base64.b64encode(chance.randbytes(size)).decode()


TEXTS: tuple[HostileText, ...] = tuple(
    HostileText(name, build)
    for name, build in {
        "prose": _sentences,
        "words that come once": _words,
        "words of one letter": _any_of("abcdefghijklmnopqrstuvwxyz", between=" "),
        "two words in turn": _again("a b "),
        "one word": _again("a"),
        "one word of base64": _base64,
        "alternating case": _again("aA"),
        "digits": _again("7"),
        "full stops": _again("."),
        "all punctuation": _any_of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
        "apostrophes between letters": _again("a'"),
        "spaces": _again("x" + " " * 999 + "\n"),
        "one line of spaces": lambda _, size: "x\n" + " " * size + "x",
        "lines of one letter": _again("a\n"),
        "lines of one accented letter": _again("é\n"),
        "lines that come once": _lines,
        "the same line": _again("A line that comes again and again, and means nothing by it.\n"),
        "empty lines": _again("a\n\n"),
        "lines that ask for JavaScript": _again("javascript\n"),
        "lines that end in brackets": _again("." + ")" * 300 + "\n"),
        "open brackets": _again("["),
        "links without an end": _again("]("),
        "list marks": _again("\n" + "- " * 100),
        "rules of dashes": _again("\n" + "-" * 250 + "x"),
        "code marks": _again("`"),
        "quotes that open": _again("“"),
        "chatbot's marks without an end": _again("【1†"),
        "chatbot's phrases, half": _again("as an ai language model developed by wwwwwwwwwwwwwwwwwwww "),
        "speakers without a word": _again("said replied wrote told the phrase contains as an ai language model, i "),
        "mentions of chatbots, half": _again("chat-gpt-ai-detecthallucinat"),
        "lorem ipsum": _again("lorem ipsu"),
        "ideographs": _any_of(_range(0x4E00, 0x9FFF)),
        "lines of one ideograph": _any_of(_range(0x4E00, 0x9FFF), between="\n"),
        "rare ideographs": _any_of(_range(0x20000, 0x2A6DF)),
        "kana": _any_of(_range(0x3041, 0x3096)),
        "Hangul": _any_of(_range(0xAC00, 0xD7A3)),
        "Hangul in pieces": _again("\u1100\u1161\u11a8"),
        "Thai": _any_of(_range(0x0E01, 0x0E4E)),
        "a tower of marks": _again("\u0301"),
        "a tower of marks out of order": _again("\u0301\u0316"),
        "a tower of marks held apart": _again("\u0301\u034f\u0316\u034f"),
        "a tower of marks in disguise": _again("\u0301\uff9e"),
        "a tower of marks and selectors": _again("\u0301\ufe0f\u0316\U000e0100"),
        "words with a tower each": _again("e" + "\u0301\u0316" * 20 + " "),
        "ligatures of eighteen letters": _again("\ufdfa"),
        "ligatures of eight letters": _again("\ufdfb "),
        "ligatures of six letters": _again("\u3316"),
        "fractions": _again("¼"),
        "letters of three when folded": _again("ΐ"),
        "letters of two in lower case": _again("İ"),
        "capital sigmas": _again("Σ"),
        "capital sigmas and marks": _again("Σ" + "\u0301" * 200),
        "zero-width spaces": _again("\u200b"),
        "words cut by soft hyphens": _again("so\u00adft "),
        "bidirectional controls": _again("\u202eabc\u202c \u2066d\u2069"),
        "emoji joined": _again("\U0001f468\u200d\U0001f469\u200d"),
        "flags": _again("\U0001f1e6"),
        "private use": _again("\ue000"),
        "unassigned": _again("\u0378"),
        "letters of mathematics": _any_of(_range(0x1D400, 0x1D433)),
        "every script": _any_of(_range(0xA1, 0xD7FF)),
    }.items()
)
