"""Two outputs side by side as lines for a terminal or a pipe: what pages wrote is harmless and cut to the width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from transforms.report.comparison import (
    Comparison,
    LanguagePair,
    Setting,
    Step,
)
from transforms.report.story import LanguageFigures
from transforms.report.text.moves import causes, fields, groups, movers, rows, spreads
from transforms.report.text.numerals import counted, decimal, percent
from transforms.terminal import clean, columns, fit, table

_LONGEST = 300  # characters of what a page or a file says
_SHORT = 20  # columns of a setting in a table
_SETTINGS, _LANGUAGES = 30, 12  # most that are shown


def comparison(found: Comparison, width: int = 80) -> str:
    """The comparison as text, ends with a newline; no line is wider than `width` columns."""
    names = [f"first   {clean(found.first, _LONGEST)}", f"second  {clean(found.second, _LONGEST)}"]
    if found.same:
        return f"{fit(_sameness(found), width)}\n"
    parts = (
        names,
        _made(found, width),
        _funnel(found.funnel, width),
        _languages(found.languages, width),
        rows(found),
        fields(found, width),
        spreads(found, width),
        causes(found, width),
        movers(found.rows.moved),
        groups(found.groups),
    )
    blocks = ([fit(line, width) for line in part] for part in parts)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _sameness(found: Comparison) -> str:
    return f"The same: {counted(found.rows.both, 'row')}, with all that made and what they weigh."


def _made(found: Comparison, width: int) -> Iterator[str]:
    for title, settings in (
        ("Settings that differ", found.settings),
        ("Releases and models that differ", found.made_with),
        ("Archives that differ, in bytes", found.archives),
    ):
        if settings:
            yield title
            yield from _settings(settings, width)
    if not (found.settings or found.made_with or found.archives):
        yield "Settings, releases and archives are the same."


def _settings(settings: Sequence[Setting], width: int) -> Iterator[str]:
    """Those that both have, short ones in a table; then the names of those that only one has."""
    both = [setting for setting in settings if setting.first and setting.second]
    short = [setting for setting in both if max(columns(setting.first), columns(setting.second)) <= _SHORT]
    if short:
        yield from table([("", "first", "second"), *map(_setting, short[:_SETTINGS])], left=1, width=width)
        yield from _more(len(short) - _SETTINGS)
    for setting in (setting for setting in both if setting not in short):
        yield f"  {clean(setting.name, 60)}"
        for name, side in (("first ", setting.first), ("second", setting.second)):
            told = f"{name}  {clean(side, _LONGEST)}"
            yield from textwrap.wrap(told, width, initial_indent="    ", subsequent_indent="      ")
    for name, alone in (
        ("first", [s for s in settings if not s.second]),
        ("second", [s for s in settings if not s.first]),
    ):
        if alone:
            told = ", ".join(clean(setting.name, 60) for setting in alone[:_SETTINGS])
            yield from textwrap.wrap(
                f"only in the {name}: {told}", width, initial_indent="  ", subsequent_indent="    "
            )
            yield from _more(len(alone) - _SETTINGS)


def _setting(setting: Setting) -> tuple[str, ...]:
    return clean(setting.name, 60), clean(setting.first, _SHORT), clean(setting.second, _SHORT)


def _funnel(steps: Sequence[Step], width: int) -> Iterator[str]:
    yield "From records to rows"
    yield from table([("", "first", "second", "change"), *map(_step, steps)], left=1, width=width)


def _step(step: Step) -> tuple[str, ...]:
    change = f"{step.second - step.first:+,}" if step.second != step.first else "="
    return clean(step.name, 60), f"{step.first:,}", f"{step.second:,}", change


def _languages(pairs: Sequence[LanguagePair], width: int) -> Iterator[str]:
    """A line a language that differs, twice: what the second run has, each with the change from the first."""
    differ = [pair for pair in pairs if pair.first != pair.second]
    if not differ:
        yield "Languages: no change in pages, tokens, probabilities or effective size"
        return
    shown = differ[:_LANGUAGES] + differ[-1:] * (len(differ) > _LANGUAGES)  # the last are all together
    yield "Languages that differ: the second run, each figure with its change"
    yield from table([("language", "pages", "", "tokens", ""), *map(_sizes, shown)], left=1, width=width)
    heading = ("language", "p(human)", "", "synthetic", "", "ESS", "")
    yield from table([heading, *map(_shares, shown)], left=1, width=width)
    yield from _more(len(differ) - len(shown))


_NONE = LanguageFigures("", 0, 0, 0, None, None, None, None, None)


def _sizes(pair: LanguagePair) -> tuple[str, ...]:
    first, second = pair.first or _NONE, pair.second or _NONE
    pages, tokens = (first.pages, second.pages), (first.tokens, second.tokens)
    changes = [f"{after - before:+,}" if after != before else "" for before, after in (pages, tokens)]
    return clean(pair.language, 20), f"{second.pages:,}", changes[0], f"{second.tokens:,}", changes[1]


def _shares(pair: LanguagePair) -> tuple[str, ...]:
    cells = [clean(pair.language, 20)]
    sides = zip(_SHOWN, *(_three(side or _NONE) for side in (pair.first, pair.second)), strict=True)
    for (show, scale, digits), before, after in sides:
        changed = before is not None and after is not None and abs(after - before) * scale >= 0.5 * 10**-digits
        cells += [show(after), f"{scale * ((after or 0) - (before or 0)):+.{digits}f}" if changed else ""]
    return tuple(cells)


# How `inspect` shows a probability and two shares; the changes of shares are points of per cent.
_SHOWN = ((decimal, 1, 3), (percent, 100, 1), (percent, 100, 1))


def _three(figures: LanguageFigures) -> tuple[float | None, ...]:
    synthetic = figures.synthetic.value if figures.synthetic else None
    return figures.mean_probability, synthetic, figures.effective_share


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f"  and {number:,} more"
