"""What can be configured about the search for duplicates. The defaults are argued in docs/decisions/0002."""

from __future__ import annotations

from dataclasses import dataclass

METHODS = ("near", "exact", "none")


@dataclass(frozen=True, slots=True)
class SignatureParams:
    """How texts are sketched when they are extracted. Documents can be compared only if they were sketched alike."""

    ngram: int = 5  # tokens in a shingle: words, or letters in scripts without spaces
    num_hashes: int = 256  # values in a signature, 4 bytes each
    seed: int = 1  # of the permutations; datasketch's default

    def problems(self) -> list[str]:
        """Every value out of range, as a sentence with the cure."""
        found = []
        if not 1 <= self.ngram <= 32:
            found.append(f"ngram must be between 1 and 32, got {self.ngram!r}: the default is 5")
        if not 16 <= self.num_hashes <= 4096:
            found.append(f"num_hashes must be between 16 and 4096, got {self.num_hashes!r}: the default is 256")
        if not 0 <= self.seed < 1 << 32:
            found.append(f"seed must be between 0 and 4294967295, got {self.seed!r}: any number there will do")
        return found


@dataclass(frozen=True, slots=True)
class DedupParams:
    """Which pages are duplicates. `bands * rows` may not exceed the number of hashes in a signature."""

    method: str = "near"  # "near": exact and near copies; "exact": exact copies only; "none"
    bands: int = 20  # keys of a text; more find more pairs near the threshold and cost 10 to 18 bytes of shuffle each
    rows: int = 8  # hashes in a band; more make fewer false candidates
    threshold: float = 0.75  # least estimated Jaccard index of two texts that are joined, 0–1
    min_shingles: int = 10  # a text of fewer distinct shingles has only exact copies: too little to estimate from

    def problems(self) -> list[str]:
        """Every value out of range, as a sentence with the cure."""
        found = []
        if self.method not in METHODS:
            found.append(f"method must be one of {', '.join(METHODS)}, got {self.method!r}: the default is 'near'")
        if not 1 <= self.bands <= 1024:
            found.append(f"bands must be between 1 and 1024, got {self.bands!r}: the default is 20")
        if not 1 <= self.rows <= 64:
            found.append(f"rows must be between 1 and 64, got {self.rows!r}: the default is 8")
        if not 0 < self.threshold <= 1:
            found.append(f"threshold must be above 0 and at most 1, got {self.threshold!r}: the default is 0.75")
        if self.min_shingles < 1:
            found.append(f"min_shingles must be at least 1, got {self.min_shingles!r}: the default is 10")
        return found

    def misfits(self, num_hashes: int) -> list[str]:
        """What is wrong with these bands for signatures of `num_hashes` values."""
        needed = self.bands * self.rows
        if needed <= num_hashes:
            return []
        return [
            f"bands * rows must be at most the {num_hashes} hashes of a signature, "
            f"got {self.bands} * {self.rows} = {needed}: lower bands, or extract again with num_hashes = {needed}"
        ]
