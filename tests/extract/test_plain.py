"""Plain text."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signing import embed
from transforms.extract.plain import normalise


def test_a_hidden_manifest_does_not_stay_in_the_text() -> None:
    text = normalise(f"Hello.{embed(b'jumb' * 50)} World ❤\ufe0f")
    assert text == "Hello. World ❤\ufe0f"


def test_line_breaks_of_every_kind_become_newlines() -> None:
    assert normalise("a\r\nb\rc\u2028d\u2029e\x85f\x0cg") == "a\nb\nc\nd\ne\nf\ng"


def test_joiners_that_carry_meaning_stay() -> None:
    assert normalise("می\u200cخواهم") == "می\u200cخواهم"


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=st.characters() | st.sampled_from("\n\r \t\0\ud800\ufeff\ufe0fe\u0301")))
def test_normalised_text_is_clean_and_stays_as_it_is(text: str) -> None:
    clean = normalise(text)
    clean.encode("utf-8")
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(char) == "Cc" for char in clean.replace("\n", "").replace("\t", ""))
    assert "\n\n\n" not in clean
    assert normalise(clean) == clean
