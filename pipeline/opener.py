"""How a file is opened for writing under a name that others can foretell: they may have put something there."""

from __future__ import annotations

import os


def no_link(path: str, flags: int) -> int:
    """The `opener` of `open`: raises OSError where a link leads elsewhere, or at a pipe that nobody reads."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o666)
