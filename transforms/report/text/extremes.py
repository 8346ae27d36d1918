"""The pages at the two ends of the detector's scale, with what speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.report.story import PageLine, Story
from transforms.report.text.funnel import NAME
from transforms.report.text.numerals import counted, decimal
from transforms.terminal import clean, fit

_PAGES = 3  # most that are shown at each end


def extremes(story: Story, width: int) -> Iterator[str]:
    """The most machine-like pages, then the most human ones."""
    if not story.most_human:
        return
    yield "Most machine-like pages"
    yield from _pages(story.most_machine[:_PAGES], width)
    yield ""
    yield "Most human pages"
    yield from _pages(story.most_human[:_PAGES], width)


def _pages(pages: Sequence[PageLine], width: int) -> Iterator[str]:
    for page in pages:
        yield f"  {clean(page.url, NAME)}"
        yield "    " + facts(page)
        for kind, detail in page.evidence:
            yield f"    {kind_of(kind, detail)}"
        if title := clean(page.title, NAME):
            yield f"    “{fit(title, width - 6)}”"


def facts(page: PageLine) -> str:
    """Language, length and what the detector thinks, on a line."""
    score = "-" if page.detector_score is None else f"{page.detector_score:+.2f}"
    return (
        f"p(human) {decimal(page.human_probability)}, score {score}, weight {decimal(page.human_weight)}, "
        f"{clean(page.language, 8)}, {counted(page.tokens, 'token')}"
    )


def kind_of(kind: str, detail: str) -> str:
    """A piece of evidence, made harmless."""
    return f"{clean(kind, NAME)}: {clean(detail, NAME)}"
