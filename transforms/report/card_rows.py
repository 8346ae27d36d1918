"""The sections of the card about the rows: how many there are, in what languages, with what weights."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.loose import real
from transforms.report.markdown import code, escape, prose, table
from transforms.report.publication import Publication
from transforms.report.responsible import dropped_for, interval, percent, plural, weighing
from transforms.report.sources import Sources
from transforms.report.story import Dates, LanguageFigures, Story

_LANGUAGES = 25  # that are shown one by one


def funnel(story: Story) -> Iterator[str]:
    """From the records of the archives to the rows."""
    counts = story.funnel
    yield "## From records to rows"
    yield ""
    rows = [("records in the archives", f"{counts.records:,}", "")]
    rows += [(f"{escape(kind)} records, only counted", f"{number:,}", "") for kind, number in counts.passed]
    rows += [
        (f"{_departure(e.stage, e.reason)}, no response", f"{e.records:,}", "")
        for e in counts.rejected
        if not e.responses
    ]
    rows.append(("responses", f"{counts.responses:,}", _share(counts.responses, counts.responses)))
    rows += [
        (_departure(entry.stage, entry.reason), f"−{entry.records:,}", _share(entry.records, counts.responses))
        for entry in counts.rejected
        if entry.responses
    ]
    rows.append(("**rows**", f"**{counts.rows:,}**", _share(counts.rows, counts.responses)))
    yield from table(("", "number", "of responses"), rows)
    yield ""
    yield "Every response that is no row stands in `rejections/` with its reason."


def languages(story: Story) -> Iterator[str]:
    """The languages, and how human each looks."""
    yield "## Languages"
    yield ""
    if not story.languages:
        yield "The corpus has no rows."
        return
    head = ("language", "pages", "tokens", "of tokens", "no opinion", "mean p(human)", "synthetic tokens", "effective")
    shown = [*story.languages[:_LANGUAGES], *([story.total] if len(story.languages) > 1 else [])]
    yield from table(head, [_language(entry, story.funnel.tokens) for entry in shown])
    yield ""
    yield (
        "*no opinion*: pages that the detector did not judge. *mean p(human)*: over the tokens of the others. "
        f"*synthetic tokens*: {_synthetic(story)}. *effective*: effective sample size (Kish) after weighting, as a "
        "share of the tokens."
    )
    if (more := len(story.languages) - _LANGUAGES) > 0:
        yield f"{more:,} more language{plural(more)} {'is' if more == 1 else 'are'} in the total."


def _synthetic(story: Story) -> str:
    if story.prior_set is not None:
        return "not estimated, for weigh.prior sets the prior"
    return "share of the judged tokens that a machine wrote, estimated from all scores at once, with its 95 % interval"


def _language(entry: LanguageFigures, tokens: int) -> tuple[str, ...]:
    synthetic = entry.synthetic
    return (
        escape(entry.language),
        f"{entry.pages:,}",
        f"{entry.tokens:,}",
        _share(entry.tokens, tokens),
        f"{entry.abstained:,}",
        "–" if entry.mean_probability is None else f"{entry.mean_probability:.3f}",
        "–" if synthetic is None else f"{percent(synthetic.value)} ({interval(synthetic)})",
        "–" if entry.effective_share is None else percent(entry.effective_share),
    )


def weights(story: Story, publication: Publication) -> Iterator[str]:
    """What `human_weight` is and does."""
    values = publication.config.get("weigh", {})
    yield "## Weights"
    yield ""
    yield (
        "`human_probability` is the estimated probability that a person wrote the text. `human_weight` is made of it: "
        "how much a row should count in training."
    )
    if story.total.weighed:
        yield (
            "Its mean over the tokens of every cell (a language and a band of length) is 1, so that weights move "
            "attention within a language and never between languages."
        )
    rho, cap, repeats = (real(values.get(key)) for key in ("rho", "cap", "repeats"))
    if rho is not None and cap is not None:
        yield prose(f"No weight is below {rho:g} or above {cap:g}.")
    yield (
        f"`expected_repeats` is {'`weigh.repeats`' if repeats is None else prose(f'{repeats:g}')} times the weight: "
        "how often to show the text to a trainer that knows no weights. `weight_bucket` is the band a weight is in."
    )
    yield ""
    yield prose(weighing(story))
    if story.cells:
        yield "`cells.json` has every cell with its prior and interval."


def duplicates(story: Story) -> Iterator[str]:
    """What deduplication merged."""
    found = story.duplicates
    yield "## Duplicates"
    yield ""
    for earlier in found.earlier:
        yield prose(dropped_for(earlier))
        yield ""
    if not found.components:
        yield "No row stands for more than one page."
        return
    yield (
        f"{found.components:,} row{plural(found.components)} {'stands' if found.components == 1 else 'stand'} for "
        f"{found.merged:,} more page{plural(found.merged)} with the same text or nearly the same (`duplicate_count`)."
    )
    if found.largest:
        yield f"The largest group has {found.largest[0].pages:,} pages."


def dates(story: Story, sources: Sources) -> Iterator[str]:
    """When the pages were fetched."""
    found: Dates = story.dates
    undated = dict(found.fetched).get("", 0)
    yield "## Dates"
    yield ""
    if sources.first:
        yield f"Fetched between {escape(sources.first[:10])} and {escape(sources.last[:10])}."
    if undated:
        yield f"{undated:,} page{plural(undated)} {'has' if undated == 1 else 'have'} no valid date."
    yield (
        f"The text of {found.before_chatbots:,} page{plural(found.before_chatbots)} was first seen before 2022-11-30, "
        "when ChatGPT came out."
    )


def signs(story: Story) -> Iterator[str]:
    """What pages show of their origin, and why the detector was silent."""
    yield "## Signs of origin"
    yield ""
    if story.evidence:
        yield from table(("evidence", "pages"), [(code(kind), f"{pages:,}") for kind, pages in story.evidence])
    else:
        yield "No page shows any evidence beside the detector's score."
    if story.abstentions:
        yield ""
        rows = [(code(reason), f"{pages:,}") for reason, pages in story.abstentions]
        yield from table(("no opinion of the detector, because", "pages"), rows)


def _departure(stage: str, reason: str) -> str:
    return f"{escape(stage)}: {code(reason)}"


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "–"
