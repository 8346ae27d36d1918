"""The kinds of value a flag takes: from text to a value, or a sentence that says what was expected."""

from __future__ import annotations

import argparse


def whole_number(text: str) -> int:
    """1 or more."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def whole_or_zero(text: str) -> int:
    """0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}")
    return int(text)


def share(text: str) -> float:
    """Above 0, at most 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"expected a share above 0, at most 1, got {text!r}")
    return value


def price(text: str) -> float:
    """0 or more, in whatever money."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a price, 0 or more, got {text!r}")
    return value


def width(text: str) -> int:
    """Columns of text, 72 to 10,000."""
    if not (text.isascii() and text.isdigit() and 72 <= int(text) <= 10_000):
        raise argparse.ArgumentTypeError(f"expected a number of columns from 72 to 10000, got {text!r}")
    return int(text)


def phrase_count(text: str) -> int:
    """0 or more; a name in its place is the file, which argparse would take for the number."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}; name the file before --explain")
    return int(text)


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them, in order, each once."""
    found = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    if not all(found):
        raise argparse.ArgumentTypeError(f"expected names with commas between them, got {text!r}")
    return found
