"""Languages: how much there is of each, and what the weights change."""

from __future__ import annotations

from transforms.report.html.element import element
from transforms.report.html.figure import Value, figure
from transforms.report.html.numbers import count, decimal, interval, percent
from transforms.report.html.section import Section, prose
from transforms.report.html.source import name
from transforms.report.html.table import Cell, Head, Table
from transforms.report.html.visible import cut
from transforms.report.story import LanguageFigures, Story

_DRAWN = 15  # languages in the plot: the table has them all

_ESTIMATE = (
    " The bar across is the estimated share, from all scores of the language at once, the line its 95 % interval; "
    "where that is long, the corpus holds too little of the language to know."
)
_HEADS = (
    Head("Language", "ISO 639 code found in the text; und if undetermined", False),
    Head("Pages", "rows of the corpus"),
    Head("Tokens", "words and punctuation marks; each CJK or Thai character is one"),
    Head("Abstained", "pages on which the detector gave no opinion; their weight is 1"),
    Head("p(human)", "mean of human_probability over the tokens judged, 0–1, higher is more human"),
    Head("Synthetic share", "share of the judged tokens that a machine wrote, by the mean of 1 − human_probability"),
    Head("Weighted", "the synthetic share once every token counts by its weight"),
    Head("Estimated share", "the same, but from all scores of the language, before any page is judged (the prior)"),
    Head("95 % interval", "of the estimated share, bootstrap by host: how far few pages and hosts let it be known"),
    Head("Effective", "Kish effective sample size over tokens, as a share of them"),
)


def languages(story: Story) -> Section:
    """Every language, the one with most tokens first."""
    explained = prose(
        "Each language is judged and weighted for itself: its tokens keep their sum, whatever its pages look like to "
        "the detector. The ring is the synthetic share by the pages’ probabilities, the dot what the weights leave of "
        "it." + (_ESTIMATE if story.prior_set is None else "")
    )
    drawn = [_drawn(entry) for entry in story.languages if entry.synthetic_unweighted is not None][:_DRAWN]
    told = "; ".join(_told(entry) for entry in story.languages if entry.synthetic_unweighted is not None)
    plot = figure(
        "languages",
        "languages-plot",
        "Synthetic share of the judged tokens, before → after weighting"
        + ("; across, the estimated share" if story.prior_set is None else ""),
        cut(f"Synthetic share by language, before and after weighting. {told}", 600),
        drawn,
    )
    table = Table(
        "languages-table",
        "Languages of the corpus",
        _HEADS,
        tuple(map(_row, story.languages)),
        _row(story.total),
        "Filter languages",
    )
    return Section("languages", "Languages", (explained, plot, table.html()))


def _drawn(entry: LanguageFigures) -> Value:
    share = entry.synthetic
    return {
        "language": cut(entry.language, 12),
        "before": entry.synthetic_unweighted,
        "estimate": share.value if share else None,
        "low": share.low if share else None,
        "high": share.high if share else None,
        "after": entry.synthetic_weighted,
        "tokens": entry.tokens,
    }


def _told(entry: LanguageFigures) -> str:
    before, after = percent(entry.synthetic_unweighted), percent(entry.synthetic_weighted)
    return f"{cut(entry.language, 12)} {before} to {after}"


def _row(entry: LanguageFigures) -> tuple[Cell, ...]:
    share = entry.synthetic
    return (
        Cell(element("code", name(entry.language))),
        Cell(count(entry.pages), entry.pages),
        Cell(count(entry.tokens), entry.tokens),
        Cell(count(entry.abstained), entry.abstained),
        Cell(decimal(entry.mean_probability), entry.mean_probability),
        Cell(percent(entry.synthetic_unweighted), entry.synthetic_unweighted),
        Cell(percent(entry.synthetic_weighted), entry.synthetic_weighted),
        Cell(percent(share.value if share else None), share.value if share else None),
        Cell(interval(share), share.high - share.low if share else None),
        Cell(percent(entry.effective_share), entry.effective_share),
    )
