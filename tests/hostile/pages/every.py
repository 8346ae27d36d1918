"""All hostile pages by name."""

from __future__ import annotations

import random
from types import ModuleType

from tests.hostile.pages import bombs, characters, claims, depth, patterns, statements, width
from tests.hostile.pages.response import Make, Response

_KINDS: tuple[ModuleType, ...] = (bombs, depth, width, characters, claims, statements, patterns)
MAKERS: dict[str, Make] = {make.__name__: make for kind in _KINDS for make in kind.PAGES}


def hostile(name: str, size: int) -> Response:
    """The page of that name with about `size` bytes of what hurts; the same every time."""
    return MAKERS[name](random.Random(name), size)
