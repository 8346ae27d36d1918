"""Text for a terminal: nothing that commands it, reorders it or hides, within the columns that were asked for."""

from __future__ import annotations

import re

from tests.fuzz.choices import Choices
from transforms.terminal import clean, columns, fit, table

_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def check(data: bytes) -> None:
    """Clean the input, fit it, and set it in a table."""
    choices = Choices(data)
    limit, width = choices.number(255), 1 + choices.number(99)
    text = choices.text()
    shown = clean(text, limit)
    assert not _ACTING.search(shown)
    assert len(shown) <= limit
    assert clean(shown, limit) == shown.rstrip()  # cut where a space stood
    assert columns(fit(shown, width)) <= width
    for line in table([["page", "number"], [shown, "1"]], left=1, width=max(width, 20)):
        assert not _ACTING.search(line)
        assert columns(line) <= max(width, 20)
