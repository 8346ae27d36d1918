"""Who wrote in which language, and on which hosts."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.story import EVEN_ODDS, HostFigures, LanguageFigures, Story
from transforms.report.text.funnel import NAME
from transforms.report.text.numerals import compact, counted, decimal, interval, percent
from transforms.terminal import clean, table

_LANGUAGES, _HOSTS = 15, 10  # most that are shown


def languages(story: Story, width: int) -> Iterator[str]:
    """A line a language, with the estimated synthetic share and what weighting makes of it."""
    if not story.languages:
        yield "The corpus has no rows."
        return
    yield "Languages"
    heading = ("language", "pages", "tokens", "silent", "p(human)", "weighted", "synthetic", "ESS")
    shown = [*story.languages[:_LANGUAGES], *([story.total] if len(story.languages) > 1 else [])]
    yield from table([heading, *map(_language, shown)], left=1, width=width)
    if len(story.languages) > _LANGUAGES:
        yield f"  and {counted(len(story.languages) - _LANGUAGES, 'more language')}, in the total"
    yield "  silent: pages on which the detector gives no opinion"
    yield "  p(human): mean over the tokens of the others; weighted: with their weights"
    if story.total.synthetic is not None:
        yield "  synthetic: their share by machines, from all scores at once (95 % interval);"
        yield "    not 1 - p(human), which counts evidence and dates, too"
    yield "  ESS: effective sample size once weighted (Kish), share of the tokens"
    if story.early is not None:
        pages = counted(story.early.pages, "page")
        yield f"  check: synthetic {interval(story.early.synthetic)} on {pages} from before chatbots, ideally 0"
    yield from _priors(story)


def _priors(story: Story) -> Iterator[str]:
    if story.prior_set is not None:
        yield f"  prior: share of human pages set to {story.prior_set:g} by weigh.prior, not estimated"
    elif story.cells:
        lenders = [cell.borrowed_from for cell in story.cells]
        wider, unknown = sum(lender not in ("", EVEN_ODDS) for lender in lenders), lenders.count(EVEN_ODDS)
        rest = f", {unknown:,} on even odds" if unknown else ""
        yield f"  priors: {wider:,} of {counted(len(lenders), 'cell')} (language × length) lean on a wider group{rest}"


def _language(entry: LanguageFigures) -> tuple[str, ...]:
    return (
        clean(entry.language, NAME),
        compact(entry.pages),
        compact(entry.tokens),
        compact(entry.abstained),
        _human(entry.synthetic_unweighted),
        _human(entry.synthetic_weighted),
        interval(entry.synthetic),
        percent(entry.effective_share),
    )


def _human(synthetic: float | None) -> str:
    return decimal(None if synthetic is None else 1 - synthetic)


def hosts(story: Story, width: int) -> Iterator[str]:
    """The hosts with the most pages."""
    if story.hosts:
        yield f"Hosts ({story.hosts:,})"
        rows = [_host(host) for host in story.top_hosts[:_HOSTS]]
        yield from table([("host", "pages", "tokens", "p(human)", "weight"), *rows], left=1, width=width)


def _host(entry: HostFigures) -> tuple[str, ...]:
    name = clean(entry.host, NAME) or "(none)"
    return (
        name,
        compact(entry.pages),
        compact(entry.tokens),
        decimal(entry.mean_probability),
        decimal(entry.mean_weight),
    )
