"""Two outputs side by side as lines for a terminal or a pipe: what pages wrote is harmless and cut to the width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from transforms.report.comparison import (
    CAUSES,
    EDGES,
    Absent,
    Comparison,
    LanguagePair,
    Move,
    Regrouping,
    Setting,
    Step,
)
from transforms.report.story import LanguageFigures
from transforms.report.text.numerals import counted, decimal
from transforms.terminal import clean, fit, table

_LONGEST = 300  # characters of what a page or a file says
_SETTINGS, _LANGUAGES, _REASONS, _COLUMNS = 30, 12, 10, 12  # most that are shown


def comparison(found: Comparison, width: int = 80) -> str:
    """The comparison as text, ends with a newline; no line is wider than `width` columns."""
    names = [f"first   {clean(found.first, _LONGEST)}", f"second  {clean(found.second, _LONGEST)}"]
    if found.same:
        return f"{fit(_sameness(found), width)}\n"
    parts = (names, _made(found, width), _funnel(found.funnel, width), _languages(found.languages, width),
             _only(found, width), _columns(found, width), _spreads(found, width), _causes(found, width),
             _moved(found.rows.moved, width), _groups(found))  # fmt: skip
    blocks = ([fit(line, width) for line in part] for part in parts)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _sameness(found: Comparison) -> str:
    rows = counted(found.rows.both, "row")
    return f"The same: {rows}, settings, releases, archives, funnel, probabilities and weights."


def _made(found: Comparison, width: int) -> Iterator[str]:
    for title, settings in (
        ("Settings that differ", found.settings),
        ("Releases and models that differ", found.made_with),
        ("Archives that differ, in bytes", found.archives),
    ):
        if settings:
            yield title
            yield from table([("", "first", "second"), *map(_setting, settings[:_SETTINGS])], left=1, width=width)
            yield from _more(len(settings) - _SETTINGS)
    if not (found.settings or found.made_with or found.archives):
        yield "Settings, releases and archives are the same."


def _setting(setting: Setting) -> tuple[str, ...]:
    return clean(setting.name, 60), *(
        fit(clean(side, _LONGEST), 24) if side else "-" for side in (setting.first, setting.second)
    )


def _funnel(steps: Sequence[Step], width: int) -> Iterator[str]:
    yield "From records to rows"
    yield from table([("", "first", "second", "change"), *map(_step, steps)], left=1, width=width)


def _step(step: Step) -> tuple[str, ...]:
    change = f"{step.second - step.first:+,}" if step.second != step.first else "="
    return clean(step.name, 60), f"{step.first:,}", f"{step.second:,}", change


def _languages(pairs: Sequence[LanguagePair], width: int) -> Iterator[str]:
    """A line a language that differs: the second run, and the change from the first."""
    differ = [pair for pair in pairs if pair.first != pair.second]
    if not differ:
        yield "Languages: no change in pages, tokens, probabilities or effective size"
        return
    yield "Languages that differ: the second run, with the change"
    heading = ("language", "pages", "", "tokens", "", "p(human)", "", "synthetic", "", "ESS", "")
    shown = differ[:_LANGUAGES]
    if differ[-1] not in shown:
        shown = [*shown, differ[-1]]
    yield from table([heading, *map(_language, shown)], left=1, width=width)
    yield from _more(len(differ) - len(shown))


_NONE = LanguageFigures("", 0, 0, 0, None, None, None, None, None)


def _language(pair: LanguagePair) -> tuple[str, ...]:
    first, second = pair.first or _NONE, pair.second or _NONE
    shares = [
        (side.mean_probability, side.synthetic.value if side.synthetic else None, side.effective_share)
        for side in (first, second)
    ]
    cells = [clean(pair.language, 20)]
    for before, after in ((first.pages, second.pages), (first.tokens, second.tokens)):
        cells += [f"{after:,}", f"{after - before:+,}" if after != before else ""]
    for start, end in zip(*shares, strict=True):
        changed = start is not None and end is not None and abs(end - start) >= 0.0005
        cells += [decimal(end), f"{(end or 0) - (start or 0):+.3f}" if changed else ""]
    return tuple(cells)


def _only(found: Comparison, width: int) -> Iterator[str]:
    rows = found.rows
    yield f"Rows in both runs: {rows.both:,}"
    for name, other, absent in (("first", "second", rows.only_first), ("second", "first", rows.only_second)):
        yield f"Rows only in the {name}: {sum(each.rows for each in absent):,}"
        for each in absent[:_REASONS]:
            yield from _absent(each, other)
        yield from _more(len(absent) - _REASONS, "reasons")
    if rows.renamed:
        yield f"Of these, {counted(rows.renamed, 'URL')} in both under another id (another archive or place in it)"
        yield from (f"    {clean(url, _LONGEST)}" for url in rows.renamed_examples)


def _absent(absent: Absent, other: str) -> Iterator[str]:
    why = (
        f"{clean(absent.stage, 20)}: {clean(absent.reason, 40)}" if absent.stage else f"{absent.reason} by the {other}"
    )
    rule = f", first rule or language {clean(absent.rule, 60)}" if absent.rule else ""
    yield f"  {absent.rows:,} × {why}{rule}"
    for example in absent.examples:
        yield f"    {clean(example.url, _LONGEST) or '(no URL)'}"
        if example.detail:
            yield f"      {clean(example.detail, _LONGEST)}"


def _columns(found: Comparison, width: int) -> Iterator[str]:
    columns = found.rows.columns
    if not columns:
        yield "Rows in both runs are the same."
        return
    told = ", ".join(f"{name} {count:,}" for name, count in columns[:_COLUMNS])
    yield "Columns that differ in rows of both, and in how many"
    more = f", and {len(columns) - _COLUMNS} more columns" if len(columns) > _COLUMNS else ""
    yield from textwrap.wrap(told + more, width, initial_indent="  ", subsequent_indent="  ")


def _spreads(found: Comparison, width: int) -> Iterator[str]:
    weights, probabilities = found.rows.weights.pages, found.rows.probabilities.pages
    if not found.rows.causes:
        return
    yield "Pages by change"
    rows = [(name, f"{w:,}", f"{p:,}") for name, w, p in zip(_bins(), weights, probabilities, strict=True)]
    yield from table([("", "human_weight", "human_probability"), *rows], left=1, width=width)


def _bins() -> list[str]:
    """Names of the bins of a Spread, lowest first."""
    low = [0.0, *EDGES]
    sizes = [f"{a:g} to {b:g}" if a else f"less than {b:g}" for a, b in zip(low, EDGES, strict=False)] + [
        f"{EDGES[-1]:g} or more"
    ]
    return [f"down by {size}" for size in reversed(sizes)] + ["the same"] + [f"up by {size}" for size in sizes]


def _causes(found: Comparison, width: int) -> Iterator[str]:
    if not found.rows.causes:
        yield "No page moved: probabilities and weights are the same."
        return
    yield "Why pages moved"
    for cause, pages in found.rows.causes:
        told = f"{pages:,} × {cause}: {CAUSES[cause]}"
        yield from textwrap.wrap(told, width, initial_indent="  ", subsequent_indent="    ")


def _moved(moves: Sequence[Move], width: int) -> Iterator[str]:
    if moves:
        yield "Pages that moved most"
    for move in moves:
        yield f"  {clean(move.url, _LONGEST) or move.id}"
        weight, p = (" → ".join(map(decimal, pair)) for pair in (move.weight, move.probability))
        yield f"    weight {weight}, p(human) {p}, {clean(move.language, 20)}; {move.cause}"


def _groups(found: Comparison) -> Iterator[str]:
    groups = found.groups
    if not (groups.successions or groups.merged or groups.split):
        yield "Components of duplicates: none merged, split or with another keeper"
        return
    yield f"Components that keep another copy: {groups.successions:,}"
    for each in groups.succession_examples:
        yield f"  first   {clean(each.first_url, _LONGEST)}"
        yield f"  second  {clean(each.second_url, _LONGEST)}"
    yield f"Components of the second that were several in the first (merged): {groups.merged:,}"
    yield from _regrouped(groups.merged_examples)
    yield f"Components of the first that are several in the second (split): {groups.split:,}"
    yield from _regrouped(groups.split_examples)


def _regrouped(examples: Sequence[Regrouping]) -> Iterator[str]:
    for each in examples:
        yield f"  {counted(each.pages, 'page')} in {each.parts:,} parts"
        yield from (f"    {clean(url, _LONGEST)}" for url in each.urls)


def _more(number: int, what: str = "") -> Iterator[str]:
    if number > 0:
        yield f"  and {number:,} more {what}".rstrip()
