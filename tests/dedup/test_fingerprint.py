"""A text's fingerprint."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.fingerprint import fingerprint, fingerprint_all, prepare
from transforms.dedup.params import SignatureParams
from transforms.dedup.signature import estimate_jaccard

WORDS = [f"word{i}" for i in range(400)]


def test_texts_that_normalise_alike_have_the_same_fingerprint() -> None:
    sketcher = prepare(SignatureParams())
    one, other = fingerprint("Hello,  World!", sketcher), fingerprint("hello world", sketcher)
    assert one.text_digest == other.text_digest
    assert one.signature.tolist() == other.signature.tolist()


def test_fingerprint_has_the_configured_shape() -> None:
    sketch = fingerprint(" ".join(WORDS), prepare(SignatureParams(ngram=3, num_hashes=64)))
    assert sketch.shingles == 398
    assert sketch.signature.shape == (64,)
    assert sketch.signature.dtype == np.uint32


def test_one_changed_word_changes_five_shingles_and_the_digest() -> None:
    sketcher = prepare(SignatureParams())
    one = fingerprint(" ".join(WORDS), sketcher)
    other = fingerprint(" ".join([*WORDS[:200], "other", *WORDS[201:]]), sketcher)
    true = 391 / 401  # 396 shingles each, 5 replaced
    assert one.text_digest != other.text_digest
    assert abs(estimate_jaccard(one.signature, other.signature) - true) < 5 * (true * (1 - true) / 256) ** 0.5


def test_text_without_words_has_no_shingles() -> None:
    assert fingerprint("!!! …", prepare(SignatureParams())).shingles == 0


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.sampled_from(["", "a b c d e f g", "我爱编程", "ก ั", "word " * 9]))))
def test_many_texts_have_the_fingerprints_of_each(texts: list[str]) -> None:
    sketcher = prepare(SignatureParams())
    for one, text in zip(fingerprint_all(texts, sketcher), texts, strict=True):
        alone = fingerprint(text, sketcher)
        assert (one.text_digest, one.shingles) == (alone.text_digest, alone.shingles)
        assert one.signature.tolist() == alone.signature.tolist()


def test_another_seed_gives_another_signature_of_the_same_digest() -> None:
    one, other = (fingerprint("a b c d e f", prepare(SignatureParams(seed=seed))) for seed in (1, 2))
    assert one.text_digest == other.text_digest
    assert (one.signature != other.signature).any()
