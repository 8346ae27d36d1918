"""A text's fingerprint: what is left of it when copies are looked for."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.dedup.normalize import normalize, text_digest
from transforms.dedup.shingles import shingle_hashes
from transforms.dedup.signature import Permutations, draw_permutations, minhash
from transforms.records import Fingerprint


@dataclass(frozen=True, slots=True)
class SignatureParams:
    """How texts are sketched. Documents can be compared only if they were sketched alike."""

    ngram: int = 5  # tokens in a shingle: words, or letters in scripts without spaces
    num_hashes: int = 256  # values in a signature, 4 bytes each; see docs/decisions/0002-minhash-parameters.md
    seed: int = 1  # of the permutations; datasketch's default

    def problems(self) -> list[str]:
        """Every value out of range, as a sentence with the cure."""
        found = []
        if not 1 <= self.ngram <= 32:
            found.append(f"dedup ngram must be between 1 and 32, got {self.ngram!r}: use 5 unless texts are very short")
        if not 16 <= self.num_hashes <= 4096:
            found.append(f"dedup num_hashes must be between 16 and 4096, got {self.num_hashes!r}: the default is 256")
        if not 0 <= self.seed < 1 << 32:
            found.append(f"dedup seed must be between 0 and 4294967295, got {self.seed!r}: any number there will do")
        return found


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
