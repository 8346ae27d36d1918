"""Which words of a page are those of a known text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.extractor.align import common, recalled

WORDS = st.lists(st.sampled_from("abcde"), max_size=12)


def longest(ours: list[str], theirs: list[str]) -> int:
    """The length of a longest common subsequence, by its definition."""
    row = [0] * (len(theirs) + 1)
    for word in ours:
        above = row
        row = [0]
        for place, other in enumerate(theirs):
            row.append(above[place] + 1 if word == other else max(above[place + 1], row[place]))
    return row[-1]


@settings(deadline=None)
@given(WORDS, WORDS)
def test_a_common_subsequence_is_in_both_texts_and_none_is_longer(ours: list[str], theirs: list[str]) -> None:
    found = common(ours, theirs)
    rest = iter(theirs)
    assert found == sorted(set(found))
    assert all(ours[index] in rest for index in found)
    assert len(found) == longest(ours, theirs)


def test_a_block_counts_for_the_words_that_follow_in_order() -> None:
    blocks = [["home", "news"], ["the", "ferry", "leaves"], [], ["the", "quay"]]
    assert recalled(blocks, ["the", "ferry", "left", "the", "quay"]).tolist() == [0, 2 / 3, 0, 1]


def test_texts_whose_table_would_fill_the_memory_are_refused() -> None:
    with pytest.raises(ValueError, match="70000 × 70000"):
        common(["a"] * 70_000, ["a"] * 70_000)
