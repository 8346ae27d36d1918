"""A text's fingerprint: what is left of it when copies are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.dedup.normalize import normalize, text_digest
from transforms.dedup.params import SignatureParams
from transforms.dedup.shingles import shingle_hashes
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
    normal = normalize(text)
    hashes = shingle_hashes(normal, sketcher.ngram)
    return Fingerprint(text_digest(normal), minhash(hashes, sketcher.permutations), hashes.size)
