"""Typing mistakes change the share of words asked for, and each leaves a word that its reader would know."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.disguise import misspell

LONG = ("stair", "water", "river", "hedgerow", "spring", "against")
SHORT = ("the", "of", "it's", "1234", "(and)")
TEXT = " ".join(f"of the {word} it's (and) 1234" for word in LONG * 400)  # no two long words meet: mistakes stay apart


def mistaken(word: str) -> set[str]:
    """Every mistake that a word can have, but the lost blank."""
    found = set()
    for k in range(1, len(word) - 1):
        found |= {word[:k] + word[k + 1] + word[k] + word[k + 2 :], word[:k] + word[k + 1 :], word[: k + 1] + word[k:]}
    return found


@pytest.mark.parametrize("share", [0.05, 0.15, 0.5])
def test_about_the_share_of_long_words_has_a_mistake(share: float) -> None:
    written = misspell(TEXT, share, np.random.default_rng(4)).split(" ")
    mistakes = sum(word not in (*LONG, *SHORT) for word in written)
    count = len(LONG) * 400
    assert mistakes == pytest.approx(share * count, abs=4 * np.sqrt(share * (1 - share) * count))


def test_a_mistake_is_one_of_four_kinds_and_leaves_short_words_and_marks() -> None:
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(400):
        first, *rest = misspell("the hedgerow of 1234 it's", 1.0, rng).split(" ")
        assert rest[-3:] == ["of", "1234", "it's"]
        if first == "thehedgerow":
            seen.add("blank")
            continue
        assert first == "the"
        assert rest[0] in mistaken("hedgerow")
        seen.add(len(rest[0]) - len("hedgerow"))
    assert seen == {"blank", -1, 0, 1}


def test_the_same_seed_makes_the_same_mistakes() -> None:
    once, again, other = (misspell(TEXT, 0.3, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert once == again != other


@settings(deadline=None)
@given(st.text("abcdefg \n.\b", max_size=60), st.integers(0, 99))
def test_no_mistake_adds_or_loses_more_than_a_character_a_word(text: str, seed: int) -> None:
    text = text.replace("\b", "")
    written = misspell(text, 1.0, np.random.default_rng(seed))
    assert "\b" not in written
    assert abs(len(written) - len(text)) <= len(text.split(" "))
    assert misspell(text, 0.0, np.random.default_rng(seed)) == text
