"""What a user may set about weights."""

from __future__ import annotations

from dataclasses import dataclass

ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class WeighParams:
    """The definition of `human_weight`; docs/weights.md says what each number does."""

    rho: float = 0.1  # least weight, 0–1: no page is thrown away on the word of a detector; 1 makes all weights 1
    beta: float = 1.0  # exponent of the probability, 0–16: 1 is the exact density ratio, 0 makes all weights 1
    cap: float = 4.0  # greatest weight, at least 1; up to four repeats cost nearly nothing (Muennighoff et al. 2023)
    length_edges: tuple[int, ...] = (128, 256, 512, 1024, 2048, 4096)  # tokens; each edge begins a length bin
    prior: float | str = ESTIMATE  # share of human pages in every cell: "estimate", or a number between 0 and 1
    pseudo_count: float = 50.0  # labelled pages' worth of what a cell borrows from the wider group; see prior.py
    bootstrap: int = 200  # replicates over hosts for the interval of a prior
    repeats: float = 1.0  # expected repeats of a page of weight 1
    bucket_edges: tuple[float, ...] = (0.25, 0.5, 0.8, 1.25, 2.0, 3.0)  # each edge begins a weight band
    seed: int = 0  # of the bootstrap

    def problems(self) -> list[str]:
        """Every value out of range, as sentences."""
        checks = (
            (0 <= self.rho <= 1, "rho", self.rho, "0 to 1: it is the least weight"),
            (0 <= self.beta <= 16, "beta", self.beta, "0 to 16: 1 is the density ratio"),
            (
                1 <= self.cap < float("inf"),
                "cap",
                self.cap,
                "at least 1, the mean weight",
            ),
            (0 < self.pseudo_count < float("inf"), "pseudo_count", self.pseudo_count, "above 0: 50 is the default"),
            (20 <= self.bootstrap <= 10_000, "bootstrap", self.bootstrap, "20 to 10000 replicates"),
            (0 < self.repeats < float("inf"), "repeats", self.repeats, "above 0: 1 leaves repeats equal to weights"),
            (0 <= self.seed < 2**63, "seed", self.seed, "0 to 2^63 - 1"),
            (_ascending(self.length_edges), "length_edges", self.length_edges, "whole numbers above 0, ascending"),
            (_ascending(self.bucket_edges), "bucket_edges", self.bucket_edges, "numbers above 0, ascending"),
            (len(self.bucket_edges) <= 100, "bucket_edges", self.bucket_edges, "at most 100 edges: merge some"),
            (_share(self.prior), "prior", self.prior, f'"{ESTIMATE}" or a number between 0 and 1, ends excluded'),
        )
        return [f"{name} is {value!r}, expected {expected}" for good, name, value, expected in checks if not good]


def _ascending(edges: tuple[int, ...] | tuple[float, ...]) -> bool:
    return all(left < right for left, right in zip((0, *edges), edges, strict=False))


def _share(prior: float | str) -> bool:
    return prior == ESTIMATE if isinstance(prior, str) else 0 < prior < 1
