"""What the filter reads in a text: every signal finite and in its range, whatever the text is made of."""

from __future__ import annotations

import math

from tests.fuzz.choices import Choices
from transforms.filter.params import FilterParams
from transforms.filter.reading import TextReader
from transforms.filter.signals import measure, quality
from transforms.filter.tokens import count_tokens
from transforms.records import Reading
from transforms.schema import SIGNALS

_READER = TextReader(FilterParams(reject=()))
_SHARES = ("alpha_words", "bullet_lines", "ellipsis_lines", "line_punct", "short_lines")


def check(data: bytes) -> None:
    """Read the input as a text, repeated as often as its first byte says."""
    choices = Choices(data)
    times, language = choices.number(40), choices.pick(("en", "de", "zh", "th", "und"))
    text = choices.text() * (times + 1)
    measured = measure(text, language)
    assert set(measured.signals) == set(SIGNALS)
    for name, value in measured.signals.items():
        assert math.isfinite(value), name
        assert value >= 0, name
        assert value <= 1 or not (name in _SHARES or name.startswith(("dup_", "top_"))), name
    assert 0 <= quality(measured.signals) <= 1
    assert 0 <= measured.token_count <= 2 * len(text.lower())
    assert count_tokens(text) >= 0
    reading = _READER.read(text, "http://example.com/")
    assert isinstance(reading, Reading)
    assert 0 <= reading.language_score <= 1
