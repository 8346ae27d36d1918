"""A text's fingerprint: what is left of it when copies are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transforms.dedup.normalize import normalize, text_digest
from transforms.dedup.params import SignatureParams
from transforms.dedup.shingles import shingle_all
from transforms.dedup.signature import Permutations, draw_permutations, minhash
from transforms.records import Fingerprint


@dataclass(frozen=True, slots=True)
class Sketcher:
    """`SignatureParams` made ready for use: the permutations are drawn once."""

    ngram: int
    permutations: Permutations


def prepare(params: SignatureParams) -> Sketcher:
    """The sketcher of these parameters."""
    return Sketcher(params.ngram, draw_permutations(params.num_hashes, params.seed))


def fingerprint(text: str, sketcher: Sketcher) -> Fingerprint:
    """The digest of the normalised text, its MinHash signature, and the number of its distinct shingles."""
    return fingerprint_all((text,), sketcher)[0]


def fingerprint_all(texts: Sequence[str], sketcher: Sketcher) -> list[Fingerprint]:
    """The fingerprint of each of these texts, for less."""
    normals = [normalize(text) for text in texts]
    return [
        Fingerprint(text_digest(normal), minhash(hashes, sketcher.permutations), hashes.size)
        for normal, hashes in zip(normals, shingle_all(normals, sketcher.ngram), strict=True)
    ]
