"""What weights do to a mixture of which everything is known: shares, effective sizes, and who pays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus
from training.mixture.pool import Rows
from training.mixture.route import Rated
from training.mixture.rules import NONE, ORACLE, ORACLE_CAPPED, Floats, Rule

ALL = ""
MINORITY = 0.05
"""A domain with less than this share of the human tokens of its language is a minority there."""

Texts = NDArray[np.str_]


class Figure(NamedTuple):
    """What was measured: under which rule ("" if under none), what, and of which part ("" for the whole)."""

    rule: str
    what: str
    part: str = ALL


SHARE, ESS, MOVED = "synthetic share", "ESS/N", "language mass moved"
RECOVERY, RECOVERY_CAPPED = "recovery", "recovery within the cap"
LOWEST, MINORITIES, PEOPLE, DOMAIN, SOURCE = "human tail", "minorities", "people", "domain", "source"
LENGTH_SHARE = "share by length"
ESTIMATED, TRUE, ABSTAINED, PAGES = "estimated", "true", "abstained", "pages"


class Names(NamedTuple):
    """A name for each page, as few distinct ones and codes: page i is called `values[codes[i]]`, "" is no name."""

    values: list[str]
    codes: NDArray[np.intp]  # [pages]

    def are(self, value: str) -> NDArray[np.bool_]:
        """The pages that are called so [pages]."""
        return np.asarray(self.codes == self.values.index(value))

    def means(self, values: NDArray[np.float64] | NDArray[np.bool_], mass: Floats) -> dict[str, float]:
        """The mean of `values` of each name, by `mass`; both [pages]. Names without mass are left out."""
        total = np.bincount(self.codes, weights=mass, minlength=len(self.values))
        sums = np.bincount(self.codes, weights=mass * values, minlength=len(self.values))
        return {n: float(s / t) for n, s, t in zip(self.values, sums, total, strict=True) if n and t}


def name(names: Texts) -> Names:
    """Names of pages [pages], encoded."""
    values, codes = np.unique(names, return_inverse=True)
    return Names([str(value) for value in values], codes)


class Parts(NamedTuple):
    """The parts of a mixture; arrays [pages]."""

    mixed: NDArray[np.bool_]  # pages of languages with machine texts
    language: Names
    length: Names  # band of length, of English alone
    domain: Names  # of human texts, with their language
    source: Names  # of human texts, with their language

    def mixed_languages(self) -> list[str]:
        """The languages with machine texts."""
        return [self.language.values[code] for code in np.unique(self.language.codes[self.mixed])]


def parts_of(rated: Rated, corpus: Corpus, mixed: list[str]) -> Parts:
    """The parts that figures are given for."""
    language = corpus.language[rated.rows]
    bins = np.array([cell.length_bin for cell in rated.block.cells])[rated.block.cell_codes]
    length = np.where(language == "en", bins.astype(str), "")
    domain = np.char.add(np.char.add(language, " "), np.where(corpus.web, "web page", corpus.domain)[rated.rows])
    packages = np.where(corpus.packaged, "Debian packages", corpus.origin)[rated.rows]
    people = ~rated.machine
    return Parts(
        np.isin(language, mixed),
        name(language),
        name(length),
        name(np.where(people, domain, "")),
        name(np.where(people, np.char.add(np.char.add(language, " "), packages), "")),
    )


def measure(rated: Rated, parts: Parts, rules: Mapping[str, Rule]) -> dict[Figure, float]:
    """Every figure of a mixture. Shares and sizes of the whole are those of the mixed languages."""
    found = _priors(rated, parts)
    groups = {part: _groups(rated, parts, part) for part in (ALL, *parts.mixed_languages())}
    for rule_name, rule in rules.items():
        weight = rule(rated)
        for what, part, value in _shares(rated, parts, weight):
            found[Figure(rule_name, what, part)] = value
        for what, names in ((DOMAIN, parts.domain), (SOURCE, parts.source)):
            for part, value in names.means(weight, rated.tokens).items():
                found[Figure(rule_name, what, part)] = value
        for part, of_part in groups.items():
            for what, pages, mass in of_part:
                found[Figure(rule_name, what, part)] = _mean(weight[pages], mass)
        found[Figure(rule_name, MOVED)] = moved(rated, parts, weight)
    for what, best in ((RECOVERY, ORACLE), (RECOVERY_CAPPED, ORACLE_CAPPED)):
        if {NONE, best} <= rules.keys():
            found |= _recovered(found, rules, what, best)
    return found


def moved(rated: Rated, parts: Parts, weight: Floats) -> float:
    """The largest relative change of the mass of a language."""
    return max(abs(mean - 1) for mean in parts.language.means(weight, rated.tokens).values())


def kish(tokens: Floats, weight: Floats) -> float:
    """Effective sample size over sample size, token-weighted: (Σ n·w)² / (Σ n · Σ n·w²)."""
    squares = float((tokens * weight**2).sum())
    return float((tokens * weight).sum()) ** 2 / (float(tokens.sum()) * squares) if squares else float("nan")


def _shares(rated: Rated, parts: Parts, weight: Floats) -> Iterator[tuple[str, str, float]]:
    tokens, machine = rated.tokens, rated.machine
    yield SHARE, ALL, _mean(machine[parts.mixed], (tokens * weight)[parts.mixed])
    yield ESS, ALL, kish(tokens[parts.mixed], weight[parts.mixed])
    for code, value in parts.language.means(machine, tokens * weight).items():
        yield SHARE, code, value
    mean, square = parts.language.means(weight, tokens), parts.language.means(weight**2, tokens)
    for code, value in mean.items():
        yield ESS, code, value**2 / square[code] if square[code] else float("nan")
    for band, value in parts.length.means(machine, tokens * weight).items():
        yield LENGTH_SHARE, band, value


def _priors(rated: Rated, parts: Parts) -> dict[Figure, float]:
    """Numbers of pages, and by pages, as a prior is: the share of machines among judged ones, estimated and true."""
    ones, opinion = np.ones(rated.rows.size), rated.opinion.astype(np.float64)
    found: dict[Figure, float] = {}
    for names in (parts.language, parts.domain, parts.source):
        counts = np.bincount(names.codes, minlength=len(names.values))
        found |= {Figure("", PAGES, n): float(count) for n, count in zip(names.values, counts, strict=True) if n}
    found[Figure("", PAGES)] = float(np.count_nonzero(parts.mixed))
    whole = name(np.where(parts.mixed, "mixed", ""))
    for names in (whole, parts.language):
        for what, values, mass in (
            (ABSTAINED, 1 - opinion, ones),
            (ESTIMATED, 1 - rated.prior, opinion),
            (TRUE, rated.machine.astype(np.float64), opinion),
        ):
            means = names.means(values, mass)
            found |= {Figure("", what, ALL if names is whole else n): value for n, value in means.items()}
    return found


def _groups(rated: Rated, parts: Parts, part: str) -> list[tuple[str, Rows, Floats]]:
    """Human pages of a language, or of all mixed ones, whose mean weight is asked for, and the mass of each page.

    The tail is the tenth of the judged pages with the lowest probabilities, each counting as one.
    """
    within = parts.mixed if part == ALL else parts.language.are(part)
    people = np.flatnonzero(within & ~rated.machine)
    minority = people[_is_minority(rated, parts)[people]]
    judged = people[rated.opinion[people]]
    tail = judged[np.argsort(rated.block.level[judged], kind="stable")][: judged.size // 10]
    return [
        (PEOPLE, people, rated.tokens[people]),
        (MINORITIES, minority, rated.tokens[minority]),
        (LOWEST, tail, np.ones(tail.size)),
    ]


def _is_minority(rated: Rated, parts: Parts) -> NDArray[np.bool_]:
    tokens = np.where(rated.machine, 0.0, rated.tokens)
    domain, language = parts.domain.codes, parts.language.codes
    share = np.bincount(domain, weights=tokens)[domain] / np.maximum(np.bincount(language, weights=tokens), 1)[language]
    return np.asarray(share < MINORITY)


def _recovered(found: Mapping[Figure, float], rules: Mapping[str, Rule], what: str, oracle: str) -> dict[Figure, float]:
    """(before − after) / (before − the oracle's), of shares: 1 is all that can be had, 0 is nothing."""
    recovered = {}
    for part in {figure.part for figure in found if figure.what == SHARE}:
        before, best = (found.get(Figure(rule, SHARE, part), 0.0) for rule in (NONE, oracle))
        for rule in rules:
            gain = before - found.get(Figure(rule, SHARE, part), float("nan"))
            recovered[Figure(rule, what, part)] = gain / (before - best) if before > best else float("nan")
    return recovered


def _mean(values: NDArray[np.float64] | NDArray[np.bool_], mass: Floats) -> float:
    total = float(mass.sum())
    return float((values * mass).sum()) / total if total else float("nan")
