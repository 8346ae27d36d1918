"""What moved between two outputs, as lines: rows, columns, weights, components."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from transforms.report.compare_rows import NO_RECORD, NOT_READ
from transforms.report.comparison import CAUSES, EDGES, Absent, Comparison, Groups, Move, Regrouping
from transforms.report.text.numerals import counted, decimal
from transforms.terminal import clean, table

_LONGEST = 300  # characters of what a page says
_UNTOLD = {NOT_READ: "in an archive that was not read by", NO_RECORD: "at a place that holds no response in"}
_REASONS, _COLUMNS = 10, 12  # most that are shown


def rows(found: Comparison) -> Iterator[str]:
    """Rows of both runs and of one only, with the reason that the other run gives."""
    told = found.rows
    yield f"Rows in both runs: {told.both:,}"
    for name, other, absent in (("first", "second", told.only_first), ("second", "first", told.only_second)):
        yield f"Rows only in the {name}: {sum(each.rows for each in absent):,}"
        for each in absent[:_REASONS]:
            yield from _absent(each, other)
        if len(absent) > _REASONS:
            yield f"  and for {len(absent) - _REASONS:,} more reasons"
    if told.renamed:
        yield f"URLs of such rows that both runs have, under other ids: {told.renamed:,}"
        yield from (f"    {clean(url, _LONGEST)}" for url in told.renamed_examples)


def _absent(absent: Absent, other: str) -> Iterator[str]:
    refused = f"{clean(absent.stage, 20)}: {clean(absent.reason, 40)}"
    why = refused if absent.stage else f"{_UNTOLD.get(absent.reason, absent.reason)} the {other}"
    rule = f" ({clean(absent.rule, 60)})" if absent.rule else ""
    yield f"  {absent.rows:,} × {why}{rule}"
    for example in absent.examples:
        yield f"    {clean(example.url, _LONGEST) or '(no URL)'}"
        if example.detail:
            yield f"      {clean(example.detail, _LONGEST)}"


def fields(found: Comparison, width: int) -> Iterator[str]:
    """Columns in which rows of both runs differ."""
    differ = found.rows.columns
    if not differ:
        yield "Rows in both runs are the same."
        return
    told = ", ".join(f"{name} {count:,}" for name, count in differ[:_COLUMNS])
    yield "Columns that differ in rows of both, and in how many"
    more = f", and {len(differ) - _COLUMNS} more columns" if len(differ) > _COLUMNS else ""
    yield from textwrap.wrap(told + more, width, initial_indent="  ", subsequent_indent="  ")


def spreads(found: Comparison, width: int) -> Iterator[str]:
    """How many pages moved how far; nothing if none did."""
    weights, probabilities = found.rows.weights.pages, found.rows.probabilities.pages
    if not found.rows.causes:
        return
    yield "Pages by change"
    lines = [(name, f"{w:,}", f"{p:,}") for name, w, p in zip(_bins(), weights, probabilities, strict=True)]
    yield from table([("", "human_weight", "human_probability"), *lines], left=1, width=width)


def _bins() -> list[str]:
    """Names of the bins of a Spread, lowest first."""
    low = [0.0, *EDGES]
    sizes = [f"{a:g} to {b:g}" if a else f"less than {b:g}" for a, b in zip(low, EDGES, strict=False)]
    sizes.append(f"{EDGES[-1]:g} or more")
    return [f"down by {size}" for size in reversed(sizes)] + ["the same"] + [f"up by {size}" for size in sizes]


def causes(found: Comparison, width: int) -> Iterator[str]:
    """Why pages moved, and how many."""
    if not found.rows.causes:
        yield "No page moved: probabilities and weights are the same."
        return
    yield "Why pages moved"
    for cause, pages in found.rows.causes:
        told = f"{pages:,} × {cause}: {CAUSES[cause]}"
        yield from textwrap.wrap(told, width, initial_indent="  ", subsequent_indent="    ")
    weigh = [clean(setting.name, 60) for setting in found.settings if setting.name.startswith("weigh.")]
    if weigh:
        yield from textwrap.wrap(f"{', '.join(weigh)} may move any weight by itself.", width, initial_indent="  ")


def movers(moves: Sequence[Move]) -> Iterator[str]:
    """The pages that moved most."""
    if moves:
        yield "Pages that moved most"
    for move in moves:
        yield f"  {clean(move.url, _LONGEST) or move.id}"
        weight, p = (" → ".join(map(decimal, pair)) for pair in (move.weight, move.probability))
        yield f"    weight {weight}, p(human) {p}, {clean(move.language, 20)}; {move.cause}"


def groups(told: Groups) -> Iterator[str]:
    """What became of the components of duplicates."""
    if not (told.successions or told.merged or told.split):
        yield "Components of duplicates: none merged, split or with another keeper"
        return
    yield f"Components that keep another copy: {told.successions:,}"
    for each in told.succession_examples:
        yield f"  first   {clean(each.first_url, _LONGEST)}"
        yield f"  second  {clean(each.second_url, _LONGEST)}"
    yield f"Components of the second that were several in the first (merged): {told.merged:,}"
    yield from _regrouped(told.merged_examples)
    yield f"Components of the first that are several in the second (split): {told.split:,}"
    yield from _regrouped(told.split_examples)


def _regrouped(examples: Sequence[Regrouping]) -> Iterator[str]:
    for each in examples:
        yield f"  {counted(each.pages, 'page')} in {each.parts:,} parts"
        yield from (f"    {clean(url, _LONGEST)}" for url in each.urls)
