"""The form in which texts are compared: normalised once and for all, with shingles and a signature that say so."""

from __future__ import annotations

import numpy as np

from tests.fuzz.choices import Choices
from transforms.dedup.fingerprint import fingerprint, prepare
from transforms.dedup.normalize import normalize
from transforms.dedup.params import SignatureParams
from transforms.dedup.shingles import shingle_hashes, token_hashes
from transforms.extract.plain import normalise

_SKETCHER = prepare(SignatureParams())


def check(data: bytes) -> None:
    """Normalise the input as the extractor does and as dedup does; then fingerprint it."""
    choices = Choices(data)
    ngram = 1 + choices.number(9)
    text = choices.text()
    clean = normalise(text)
    assert normalise(clean) == clean
    clean.encode()
    normal = normalize(clean)
    assert normalize(normal) == normal
    assert "  " not in normal
    assert normal == normal.strip(" ")
    assert len(normal) <= 18 * len(clean)  # U+FDFA alone is 18 letters
    tokens, shingles = token_hashes(normal), shingle_hashes(normal, ngram)
    assert (tokens.size == 0) == (normal == "") == (shingles.size == 0)
    assert shingles.size <= max(tokens.size - min(ngram, tokens.size) + 1, 0)
    assert bool(np.all(shingles[1:] > shingles[:-1]))
    one, other = fingerprint(clean, _SKETCHER), fingerprint(normal, _SKETCHER)
    assert one.text_digest == other.text_digest
    assert bool(np.array_equal(one.signature, other.signature))
