"""Documents as both parsers read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from transforms.extract import lexbor, libxml
from transforms.extract.markup import Markup

Read = TypeVar("Read")


def read_alike(source: str, read: Callable[[Markup], Read]) -> Read:
    """What is read of a document, which is the same whichever parser made its tree."""
    first, second = libxml.parse(source), lexbor.parse(source)
    assert first is not None
    assert second is not None
    found = read(first)
    assert read(second) == found
    return found
