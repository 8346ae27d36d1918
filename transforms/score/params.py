"""What a user may set about scoring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScoreParams:
    """The [score] section of the configuration."""

    prior_human: float = 0.8  # share of human texts the `score` command assumes; a curated corpus estimates its own

    def problems(self) -> list[str]:
        """Every value out of range, as a sentence with the cure."""
        if 0.0 < self.prior_human < 1.0:
            return []
        return [f"score.prior_human: expected above 0 and below 1, got {self.prior_human!r}; the default is 0.8"]
