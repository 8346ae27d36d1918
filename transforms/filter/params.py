"""What the filter is told."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.filter.rules import FAMILIES, RULES
from transforms.filter.thresholds import parse_override

# What FineWeb's pipeline applies, but for two rules of C4 that it takes over: the curly bracket drops every page that
# shows code, three sentences drop short notices.
_FINEWEB = ("gopher_quality", "gopher_repetition", "fineweb", "c4_lorem_ipsum")


@dataclass(frozen=True, slots=True)
class FilterParams:
    """Which pages stay."""

    languages: tuple[str, ...] = ()  # codes to keep, as in the column `language`; empty keeps all, `und` too
    min_language_score: float = 0.0  # 0–1; FineWeb's 0.65 drops languages that the model hardly knows
    reject: tuple[str, ...] = _FINEWEB  # rules and families of rules that drop a page; all are recorded either way
    thresholds: tuple[str, ...] = ()  # "name=number", or "de:name=number" for one language: instead of the built-in one
    block_hosts: tuple[str, ...] = ()  # hosts refused with their subdomains; "@path" names a file, one a line
    block_urls: tuple[str, ...] = ()  # pieces of URLs refused, whatever their case; "@path" names a file, one a line

    def problems(self) -> list[str]:
        """Every mistake in these values, as sentences."""
        found = [
            f"languages has {code!r}, expected a code of two or three lower-case letters: write `en`, not `English`"
            for code in self.languages
            if not (code.isascii() and code.isalpha() and code.islower() and len(code) in (2, 3))
        ]
        if not 0 <= self.min_language_score <= 1:
            found.append(f"min_language_score is {self.min_language_score}, expected 0 to 1: give a probability")
        found += [
            f"reject has {name!r}, expected a rule or family: name some of {', '.join((*FAMILIES, *RULES))}"
            for name in self.reject
            if name not in RULES and name not in FAMILIES
        ]
        found += [parsed for setting in self.thresholds if isinstance(parsed := parse_override(setting), str)]
        return found
