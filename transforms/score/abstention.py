"""When the detector gives no opinion, and why: an abstention is a reason, never a guess."""

from __future__ import annotations

import numpy as np

from transforms.score.features import Words, count_words
from transforms.score.plain import IDEOGRAPH, LETTER

TOO_SHORT = "too_short"
NOT_PROSE = "not_prose"
UNCALIBRATED = "language_not_calibrated"

MIN_WORDS = 50
"""Words below which n-grams of one text are too few to tell (transforms.score.features.count_words)."""

ABSTENTIONS: dict[str, str] = {
    TOO_SHORT: f"fewer than {MIN_WORDS} words; a Han, kana or Thai character counts as half a word",
    NOT_PROSE: "mostly code, numbers, tables or lists of short items",
    UNCALIBRATED: "too few texts of this language and script to know what a score means, or to bound how many people "
    "would be accused",
}

# Of 12,000 labelled texts of at least 50 words these bounds leave out 0.8 % of the human and 2.7 % of the machine ones:
# code, formulas, price lists, lists of names (medians: .86 words a token, 13–20 words a line).
MIN_PROSE_SHARE = 0.62  # words among all tokens (words, numbers, marks)
MAX_MEAN_LINE = 3.5  # words in a line, in a text of at least MIN_LINES lines: below, it is a menu or a table
MIN_LINES = 12


def judge_prose(text: str, words: Words) -> str:
    """Why a text cannot be judged whatever its language: `TOO_SHORT`, `NOT_PROSE`, or "" if it can be."""
    count = count_words(words)
    if count < MIN_WORDS:
        return TOO_SHORT
    prose = np.count_nonzero((words.kind == LETTER) | (words.kind == IDEOGRAPH))
    if prose < MIN_PROSE_SHARE * words.kind.size:
        return NOT_PROSE
    return NOT_PROSE if _is_list(text, count) else ""


def _is_list(text: str, count: float) -> bool:
    """Whether lines are so short that they hold items, not sentences."""
    lines = text.count("\n") + 1  # words are counted in the first part of a long text only: a bound, not a mean
    return lines >= MIN_LINES and count < MAX_MEAN_LINE * lines and len(text) < 40 * lines
