"""What lines tell."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.lines import MEASURED_LINES, javascript_lines, line_signals, lines_of, policy_lines


def of(text: str) -> dict[str, float]:
    return line_signals(text, lines_of(text))


def test_lines_are_stripped_and_empty_ones_do_not_count() -> None:
    assert lines_of("  a \n\n\t\nb\r\n") == ["a", "b"]


@pytest.mark.parametrize(
    "line",
    ["An end.", "Why?", "Go!", 'He said "go"', "l’ami”", "and so on…", "終わり。", "「はい」", "終わり。）",
     "تمام؟", "ہے۔", "समाप्त।", "ተፈጸመ።", "վերջ։", "ចប់។", "ပြီး။", "(An aside.)", "A cell. |", "Genug!“"],
)  # fmt: skip
def test_line_ends_like_a_sentence(line: str) -> None:
    assert of(line)["line_punct"] == 1


@pytest.mark.parametrize("line", ["Menu", "Read more »x", "(2012)", "Price: 3,-", "|", "))", "第1章", "a;"])
def test_line_ends_unlike_a_sentence(line: str) -> None:
    assert of(line)["line_punct"] == 0


def test_shares_of_lines() -> None:
    signals = of("- one\n• two\nand so on...\nA line of more than thirty characters.")
    assert signals["bullet_lines"] == 2 / 4
    assert signals["ellipsis_lines"] == 1 / 4
    assert signals["line_punct"] == 2 / 4
    assert signals["short_lines"] == 3 / 4


def test_a_dash_that_opens_dialogue_is_no_bullet() -> None:
    assert of("— Да, — сказал он.\n– Nein, sagte sie.")["bullet_lines"] == 0


def test_a_line_of_thirty_characters_is_short_and_of_thirty_one_is_not() -> None:
    assert of("x" * 30)["short_lines"] == 1
    assert of("x" * 31)["short_lines"] == 0


def test_repeated_lines_count_from_their_second_time() -> None:
    signals = of("abcd\nxy\nabcd\nabcd")
    assert signals["dup_lines"] == 2 / 4
    assert signals["dup_line_chars"] == pytest.approx(8 / 14)


def test_repeated_paragraphs_are_told_from_repeated_lines() -> None:
    signals = of("a\nbb\n\ncc\n \na\nbb\n\n\na")
    assert signals["dup_paragraphs"] == 1 / 4
    assert signals["dup_paragraph_chars"] == pytest.approx(4 / (4 + 2 + 4 + 1))
    assert signals["dup_lines"] == 3 / 6


@settings(deadline=None)
@given(st.text("ab \n\x0b", max_size=60))
def test_every_paragraph_seen_before_counts(text: str) -> None:
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()] if "\n" in text else []
    repeated = 1 - len(set(blocks)) / len(blocks) if blocks else 0.0
    assert line_signals(text, lines_of(text))["dup_paragraphs"] == repeated


def test_a_text_without_lines_has_zeros() -> None:
    assert set(of("\n \n").values()) == {0.0}


def test_lines_that_c4_drops() -> None:
    lines = ["enable javascript", "we use cookies here", "read our privacy policy", "nothing to see"]
    text = "\n".join(lines)
    assert javascript_lines(text, lines) == lines[:1]
    assert policy_lines(text, lines) == lines[1:3]
    assert javascript_lines("plain", ["plain"]) == policy_lines("plain", ["plain"]) == []


def test_of_a_million_lines_the_first_are_measured() -> None:
    text = "a line.\n" * MEASURED_LINES + "b\n\n" * MEASURED_LINES
    assert len(lines_of(text)) == MEASURED_LINES
    assert of(text)["line_punct"] == 1


def test_paragraphs_repeat_behind_the_last_line_that_is_measured() -> None:
    distinct = MEASURED_LINES // 2 + 1  # a paragraph and the empty line behind it are two lines
    signals = of("\n\n".join([*map(str, range(distinct)), "same", "same"]))
    assert signals["dup_lines"] == 0
    assert signals["dup_paragraphs"] == pytest.approx(1 / (distinct + 2))
