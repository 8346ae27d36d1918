"""Words, marks and sentences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.tokens import Tokens, count_tokens, tokenise, tokens_in

ANY_TEXT = st.text(st.characters(codec=None), max_size=200)
COUNTS = (
    tokens_in, Tokens.half_words, Tokens.marks, Tokens.sentences, Tokens.word_characters, Tokens.words_with_letters,
)  # fmt: skip
MIXED_TEXT = st.text("aé1 .'’\n中のกั\u0301\u200c-#", max_size=60)


def words(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[start:end] for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("The cat, 3 dogs.", ["The", "cat", "3", "dogs"]),
        ("don't l’eau o‘zbek", ["don't", "l’eau", "o‘zbek"]),
        ("'quoted' dogs' 5'6", ["quoted", "dogs", "5", "6"]),
        ("well-known e.g. a_b", ["well", "known", "e", "g", "a", "b"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("می\u200cروم", ["می\u200cروم"]),
        ("cafe\u0301 x", ["cafe\u0301", "x"]),
        ("猫とA4", ["猫", "と", "A4"]),
        ("A猫B", ["A", "猫", "B"]),
        ("น้ำใจ", ["น้", "ำ", "ใ", "จ"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("❤\ufe0f \u0301 x", ["x"]),
    ],
)
def test_words_of_a_text(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Don't stop!", 3),
        ("a, b; c.", 6),
        ("wait... what?!", 5),  # wait ... what ? !
        ("私は猫。", 4),
        ("ไทย", 3),
        ("------ x ------", 3),
        ("a - - b", 4),
    ],
)
def test_tokens_are_words_and_marks_and_single_letters(text: str, count: int) -> None:
    assert count_tokens(text) == count


def test_a_letter_of_an_unspaced_script_is_half_a_word() -> None:
    assert tokenise("猫が好き cats").half_words().tolist() == [4 * 1 + 2]


def test_words_with_letters_excludes_numbers() -> None:
    assert tokenise("a1 22 3.5 mp3 猫").words_with_letters().tolist() == [3]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three?", 3),
        ("No end", 0),
        ("It costs 3.50 at a.b.", 1),
        ("Really?! Wait... yes", 2),
        ('He said "go." Then', 1),
        ("猫だ。犬だ。", 2),
        ("वह गया। वह आया।", 2),
        ("", 0),
    ],
)
def test_sentences_end_at_a_terminal_mark_before_a_space_or_in_unspaced_script(text: str, count: int) -> None:
    assert tokenise(text).sentences().tolist() == [count]


def reference_words(text: str) -> list[str]:
    """The definition, character by character."""
    found: list[str] = []
    kinds = tokenise(text).classes.tolist()[:-1]  # without the line break behind
    apostrophe, mark, digit, letter, single = 2, 1, 5, 6, 7
    inside = False
    for i, (character, kind) in enumerate(zip(text, kinds, strict=True)):
        joined = kind == apostrophe and kinds[i - 1 : i] == [letter] and kinds[i + 1 : i + 2] == [letter]
        if kind == single or (kind in (digit, letter) and (not inside or is_single(found[-1], kinds, i))):
            found.append(character)
            inside = True
        elif kind in (digit, letter) or joined or (kind == mark and inside):
            found[-1] += character
        else:
            inside = False
    return found


def is_single(word: str, kinds: list[int], end: int) -> bool:
    return kinds[end - len(word)] == 7


@settings(deadline=None, max_examples=300)
@given(MIXED_TEXT)
def test_words_equal_the_definition_read_character_by_character(text: str) -> None:
    assert words(text) == reference_words(text)


@settings(deadline=None)
@given(ANY_TEXT)
def test_equal_words_and_only_they_share_a_key(text: str) -> None:
    keys: dict[int, str] = {}
    tokens: Tokens = tokenise(text + " x " + text)
    found = words(text + " x " + text)
    for key, word in zip(tokens.keys(10_000).tolist(), found, strict=True):
        assert keys.setdefault(key, word) == word
    assert len(keys) == len(set(found))


def test_keys_tell_anagrams_and_repeated_letters_apart() -> None:
    assert len(set(tokenise("ab ba aab aba baa a aa aaa").keys(99).tolist())) == 8


def test_keys_are_made_for_the_first_words_only() -> None:
    assert len(tokenise("a b c d e").keys(3)) == 3


@settings(deadline=None)
@given(ANY_TEXT)
def test_tokens_of_any_text_are_counted_without_error(text: str) -> None:
    assert 0 <= count_tokens(text) <= len(text)


@given(st.lists(st.one_of(MIXED_TEXT, ANY_TEXT), min_size=1, max_size=6))
@settings(deadline=None)
def test_texts_tokenised_together_have_what_they_have_alone(texts: list[str]) -> None:
    tokens, alone = tokenise(*texts), [tokenise(text) for text in texts]
    for count in COUNTS:
        assert count(tokens).tolist() == [count(each).item() for each in alone]
    begins = np.repeat(tokens.characters[:-1], np.diff(tokens.words))
    assert (tokens.starts - begins).tolist() == [start for each in alone for start in each.starts.tolist()]
    assert tokens.lengths.tolist() == [length for each in alone for length in each.lengths.tolist()]


def test_the_key_of_a_word_does_not_depend_on_where_it_stands() -> None:
    text = "x " * 20_000 + "word " * 2 + "other"  # beyond the characters for which powers are kept
    first, second, third = tokenise(text).keys(100_000)[-3:].tolist()
    assert first == second == tokenise("word").keys(1)[0] != third
