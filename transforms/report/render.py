"""A summary as lines for a terminal or a pipe: plain text, no colours, at most `width` columns."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from transforms.report.corpus import Sample
from transforms.report.languages import Language
from transforms.report.summary import Summary
from transforms.terminal import clean, fit, table

MIN_WIDTH = 72
_LANGUAGES = 15  # most that are shown
_TITLE = 60  # characters of a title
_PATH = 4096  # PATH_MAX of Linux
_NAME = 200  # characters of a name or URL before it is cut to the width


def render(summary: Summary, width: int = 80) -> str:
    """The summary as text, ends with a newline. No line is wider than `width` columns, which is at least MIN_WIDTH,
    but the last: the path of the corpus is never cut.

    Whatever came from a page or an archive is stripped of characters that could act on a terminal.
    """
    sections = (_run, _funnel, _languages, _hosts, _duplicates, _evidence, _samples)
    blocks = (list(section(summary, width)) for section in sections)
    text = "\n\n".join("\n".join(fit(line, width) for line in block) for block in blocks if block)
    return f"{text}\n\nThe rows are in\n{clean(posixpath.join(summary.output, 'corpus'), _PATH)}\n"


def _run(summary: Summary, width: int) -> Iterator[str]:
    manifest = summary.manifest
    if manifest.archives:
        took = f", {manifest.elapsed:,.1f} s" if manifest.elapsed is not None else ""
        yield f"{manifest.archives:,} archive{_s(manifest.archives)}, {manifest.archive_bytes / 1e6:,.1f} MB{took}"
    names = (
        ("firsthand", manifest.version),
        ("config", manifest.config_digest[:12]),
        ("detector", manifest.model),
    )
    if made_by := ", ".join(f"{what} {name}" for what, name in names if name):
        yield clean(made_by, _NAME)
    if not summary.finished:
        yield "The run did not finish (no _SUCCESS): give its command again."
    for sentence in summary.discrepancies:
        yield f"Attention: {sentence}."


def _funnel(summary: Summary, width: int) -> Iterator[str]:
    manifest, total = summary.manifest, summary.corpus.total
    others = [("", name, number) for name, number in sorted(manifest.passed.items())]
    others += [(entry.stage, entry.reason, entry.records) for entry in summary.rejected if not entry.responses]
    refused = [(entry.stage, entry.reason, entry.records) for entry in summary.rejected if entry.responses]
    rows = [
        ("records", f"{manifest.records:,}", ""),
        *((_departure(stage, reason), f"{number:,}", "") for stage, reason, number in others),
        ("responses", f"{manifest.responses:,}", _share(manifest.responses, manifest.responses)),
        *((_departure(stage, why), f"{n:,}", _share(n, manifest.responses)) for stage, why, n in refused),
        ("rows", f"{total.pages:,}", _share(total.pages, manifest.responses)),
        ("tokens", f"{total.tokens:,}", ""),
    ]
    yield "From records to rows"
    yield from table(rows, left=1, width=width)


def _departure(stage: str, reason: str) -> str:
    return "  " + clean(f"{stage}: {reason}" if stage else reason, _NAME)


def _languages(summary: Summary, width: int) -> Iterator[str]:
    found = summary.corpus.languages
    if not found:
        yield "The corpus has no rows."
        return
    yield "Languages"
    heading = ("language", "pages", "tokens", "abstained", "p(human)", "weight", "effective")
    shown = [*found[:_LANGUAGES], *([summary.corpus.total] if len(found) > 1 else [])]
    yield from table([heading, *map(_language, shown)], left=1, width=width)
    yield "  weight: mean over tokens; effective: Kish sample size, share of the tokens"
    if len(found) > _LANGUAGES:
        yield f"  {len(found) - _LANGUAGES} more languages are in the total."


def _language(entry: Language) -> tuple[str, ...]:
    return (
        clean(entry.language, _NAME),
        f"{entry.pages:,}",
        f"{entry.tokens:,}",
        f"{entry.abstained:,}",
        _decimal(entry.mean_probability),
        _decimal(entry.mean_weight),
        _share(entry.effective_tokens, entry.tokens),
    )


def _hosts(summary: Summary, width: int) -> Iterator[str]:
    corpus = summary.corpus
    if corpus.hosts:
        yield f"Hosts ({corpus.hosts:,})"
        rows = [(clean(host, _NAME) or "(none)", f"{pages:,}") for host, pages in corpus.top_hosts]
        yield from table([("host", "pages"), *rows], left=1, width=width)


def _duplicates(summary: Summary, width: int) -> Iterator[str]:
    found = summary.corpus.duplicates
    if not found.components:
        yield "Duplicates: none"
        return
    pages, rows = f"{found.merged:,} page{_s(found.merged)}", f"{found.components:,} row{_s(found.components)}"
    yield f"Duplicates: {pages} merged into {rows}"
    yield f"  the largest component has {found.largest:,} pages"


def _evidence(summary: Summary, width: int) -> Iterator[str]:
    corpus = summary.corpus
    yield f"Declared machine-written: {corpus.declared:,} page{_s(corpus.declared)}"
    if corpus.evidence:
        rows = [(clean(kind, _NAME), f"{pages:,}") for kind, pages in corpus.evidence]
        yield from table([("evidence of any kind", "pages"), *rows], left=1, width=width)


def _samples(summary: Summary, width: int) -> Iterator[str]:
    if summary.corpus.samples:
        yield "First rows"
    for sample in summary.corpus.samples:
        yield from _sample(sample)


def _sample(sample: Sample) -> Iterator[str]:
    yield f"  {clean(sample.url, _NAME)}"
    yield (
        f"    {clean(sample.language, 8)}, {sample.tokens:,} tokens, p(human) {_decimal(sample.human_probability)}, "
        f"weight {_decimal(sample.human_weight)}"
    )
    if title := clean(sample.title, _TITLE):
        yield f"    {title}"


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _share(part: float, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _s(number: int) -> str:
    return "" if number == 1 else "s"
