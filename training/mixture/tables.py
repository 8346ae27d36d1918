"""The study's figures as Markdown tables, by the name under which docs/study-mixtures.md shows them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from training.metrics import Estimate
from training.mixture.declared import Case, Outcome
from training.mixture.figures import (
    ABSTAINED,
    ALL,
    DOMAIN,
    ESS,
    ESTIMATED,
    LENGTH_SHARE,
    LOWEST,
    MINORITIES,
    MOVED,
    PAGES,
    PEOPLE,
    RECOVERY,
    RECOVERY_CAPPED,
    SHARE,
    SOURCE,
    TRUE,
    Figure,
)
from training.mixture.rules import CUT, DEFAULT, NONE, ORACLE_CAPPED, POWER, RULES
from training.mixture.settings import FAMILY, REGISTERS, SETTINGS, Setting
from training.mixture.settings import SOURCE as SOURCES
from training.mixture.trials import Results
from transforms.weigh.cells import length_range
from transforms.weigh.params import WeighParams

Study = Mapping[Setting, Mapping[float, Results]]
"""The results of every setting at each of its shares."""

_LEAST_PEOPLE = 30  # human texts that a row about them needs
_HEAD = "en"  # the language of most machine texts: a mean over languages would be one over what happened to be at hand
_ABSENT = Estimate(float("nan"), float("nan"), float("nan"))


def tables(study: Study, declared: Mapping[Case, Mapping[str, Outcome]]) -> dict[str, str]:
    """Every table by its name."""
    family, registers = study[FAMILY], study[REGISTERS]
    last = f"{max(registers):.0%}"
    named = ["texts", *(f"{share:.0%}" for share in registers), f"cut, {last}", f"p^10, {last}"]
    found = {
        "shares": _table(_SHARES, _by_share(family)),
        "priors": _table(_PRIORS, _priors(family)),
        "languages": _table(_LANGUAGES, [*_by_language(FAMILY, family), *_by_language(SOURCES, study[SOURCES])]),
        "lengths": _table(["tokens", "before", "after"], _by_length(family)),
        "unseen": _table(_UNSEEN, _by_unseen(study)),
        "domains": _table(["human texts", *named], _by_name(registers, DOMAIN)),
        "sources": _table(["source", *named], _by_name(registers, SOURCE, most=8)),
        "people": _table(["language", "texts", "no opinion", *_ends(ESTIMATED), *_ends(ESS)], _people_alone(family)),
        "declared": _table(_DECLARED, _declared(declared)),
    }
    rules = {
        f"rules-{100 * share:.0f}": _table(_RULES, _by_rule(family[share], registers[share])) for share in _RULES_AT
    }
    return found | rules


_RULES_AT = (0.2, 0.4, 0.8)
_SHARES = ["machine", "after", "oracle, W 4", "R", "R within W", "ESS/N", "human tail", "people", "mass moved"]
_ENDS = (0.05, 0.2, 0.8)
_PRIORS = ["language", "no opinion", *(f"{share:.0%} of tokens" for share in _ENDS)]
_LANGUAGES = ["unseen", "language", "texts", *(f"after, {share:.0%}" for share in _ENDS), "R, 20%"]
_LANGUAGES += [f"ESS/N, {share:.0%}" for share in _ENDS]
_UNSEEN = ["the detector had not seen", "before", "after", "R", "R of cut at ½", "human tail", "R, all languages"]
_RULES = ["rule", "after", "R", "ESS/N", "human tail", "tail, every register", "minorities", "mass moved"]
_DECLARED = ["pages", "machine", "declare", "rule", "draws", "declared > 1", "p < ½ > 1", "heaviest"]
_DECLARED += ["declared", "people", "after", "mass"]


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _get(results: Results, rule: str, what: str, part: str = ALL) -> Estimate:
    return results.get(Figure(rule, what, part), _ABSENT)


def _count(value: Estimate) -> str:
    return f"{value.value:.0f}"


def _text(value: Estimate) -> str:
    """The value with its interval, if it has one."""
    return _short(value) if math.isnan(value.low) else str(value)


def _short(value: Estimate) -> str:
    return _number(value.value, 3)


def _ends(what: str) -> list[str]:
    return [f"{what}, {share:.0%}" for share in (FAMILY.shares[0], FAMILY.shares[-1])]


def _by_share(by_share: Mapping[float, Results]) -> Iterable[list[str]]:
    for share, results in by_share.items():
        figures = [
            str(_get(results, DEFAULT, what, _HEAD)) for what in (RECOVERY, RECOVERY_CAPPED, ESS, LOWEST, PEOPLE)
        ]
        moved = f"{_get(results, DEFAULT, MOVED).high:.1e}"
        after, best = (_get(results, rule, SHARE, _HEAD) for rule in (DEFAULT, ORACLE_CAPPED))
        yield [f"{share:.0%}", f"**{after}**", _short(best), *figures, moved]


def _mixed(results: Results) -> list[str]:
    """Languages with machine texts, the one with most texts first."""
    codes = [f.part for f, v in results.items() if (f.rule, f.what) == (NONE, SHARE) and f.part and v.value > 0]
    return sorted(codes, key=lambda code: -_get(results, "", PAGES, code).value)


def _priors(family: Mapping[float, Results]) -> Iterable[list[str]]:
    for code in _mixed(family[max(family)]):
        silent = _short(_get(family[max(_ENDS)], "", ABSTAINED, code))
        pairs = [[_get(family[share], "", what, code) for what in (TRUE, ESTIMATED)] for share in _ENDS]
        yield [code, silent, *(f"{_short(true)} → {_text(estimated)}" for true, estimated in pairs)]


def _by_language(setting: Setting, by_share: Mapping[float, Results]) -> Iterable[list[str]]:
    for code in (*_mixed(by_share[max(by_share)]), ALL):
        texts = _count(_get(by_share[0.2], "", PAGES, code))
        after = [_text(_get(by_share[share], DEFAULT, SHARE, code)) for share in _ENDS]
        recovered = _text(_get(by_share[0.2], DEFAULT, RECOVERY, code))
        sizes = [_short(_get(by_share[share], DEFAULT, ESS, code)) for share in _ENDS]
        yield [setting.unseen, code or "all", texts, *after, recovered, *sizes]


def _by_length(by_share: Mapping[float, Results]) -> Iterable[list[str]]:
    edges = WeighParams().length_edges
    for number in range(len(edges) + 1):
        for share in _ENDS:
            before, after = (_get(by_share[share], rule, LENGTH_SHARE, str(number)) for rule in (NONE, DEFAULT))
            if not math.isnan(before.value):
                yield [length_range(number, edges), _short(before), _text(after)]


def _by_rule(pages: Results, registers: Results) -> Iterable[list[str]]:
    for rule in RULES:
        figures = [str(_get(pages, rule, what, _HEAD)) for what in (SHARE, RECOVERY, ESS, LOWEST)]
        others = [str(_get(registers, rule, what, _HEAD)) for what in (LOWEST, MINORITIES)]
        name = f"**{rule}**" if rule == DEFAULT else rule
        yield [name, *figures, *others, f"{_get(pages, rule, MOVED).value:.3f}"]


def _by_unseen(study: Study) -> Iterable[list[str]]:
    for setting in SETTINGS:
        for share, results in study[setting].items():
            if share in (0.2, 0.6, 0.8):
                asked = ((DEFAULT, SHARE), (DEFAULT, RECOVERY), (CUT, RECOVERY), (DEFAULT, LOWEST))
                figures = [str(_get(results, rule, what, _HEAD)) for rule, what in asked]
                every = str(_get(results, DEFAULT, RECOVERY))
                yield [setting.name, _short(_get(results, NONE, SHARE, _HEAD)), *figures, every]


def _by_name(by_share: Mapping[float, Results], what: str, most: int = 100) -> Iterable[list[str]]:
    """Mean weights of people's English texts by domain or source, the lightest first."""
    last = by_share[max(by_share)]
    names = {f.part for results in by_share.values() for f in results if f.what == what and f.part.startswith("en ")}
    texts = {name: max(_get(results, "", PAGES, name).value for results in by_share.values()) for name in names}
    names = {name for name in names if texts[name] >= _LEAST_PEOPLE}
    for name in sorted(names, key=lambda name: _get(by_share[0.2], DEFAULT, what, name).value)[:most]:
        ours = [_text(_get(results, DEFAULT, what, name)) for results in by_share.values()]
        others = [_short(_get(last, rule, what, name)) for rule in (CUT, POWER)]
        yield [name.removeprefix("en "), f"{texts[name]:.0f}", *ours, *others]


def _people_alone(by_share: Mapping[float, Results]) -> Iterable[list[str]]:
    first, last = by_share[min(by_share)], by_share[max(by_share)]
    mixed = set(_mixed(last))
    codes = [f.part for f, v in last.items() if f.what == PAGES and len(f.part) in (2, 3) and v.value >= _LEAST_PEOPLE]
    for code in sorted(set(codes) - mixed):
        estimated = [_short(_get(results, "", ESTIMATED, code)) for results in (first, last)]
        sizes = [_short(_get(results, DEFAULT, ESS, code)) for results in (first, last)]
        silent = _get(last, "", ABSTAINED, code)
        if silent.value == 1:
            continue
        yield [code, _count(_get(last, "", PAGES, code)), _short(silent), *estimated, *sizes]


def _declared(cases: Mapping[Case, Mapping[str, Outcome]]) -> Iterable[list[str]]:
    for case, outcomes in cases.items():
        for rule, outcome in outcomes.items():
            yield [
                str(case.pages),
                f"{case.share:.0%}",
                f"{case.declaring:.0%}",
                rule,
                _number(outcome.happens, 2),
                *(_number(value, 3) for value in (outcome.above, outcome.doubted)),
                *(_number(value, 2) for value in (outcome.heaviest, outcome.declared, outcome.people)),
                *(_number(value, 3) for value in (outcome.after, outcome.mass)),
            ]


def _number(value: float, decimals: int) -> str:
    return "–" if math.isnan(value) else f"{value:.{decimals}f}"
