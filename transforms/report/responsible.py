"""What is to be said of a corpus before somebody trains on it: how it was made, where it leans, what it cannot do.

Every sentence follows from the figures, the configuration or what the stages do; none is there because cards have it.
"""

from __future__ import annotations

from collections.abc import Iterator

from transforms.report.loose import real
from transforms.report.publication import Publication
from transforms.report.sources import Sources, is_licence
from transforms.report.story import EarlierCorpus, LanguageFigures, Share, Story
from transforms.terminal import clean

_REASONS = 6  # most frequent reasons that are named
WHY_TWO_SHARES = (
    "The two differ: the estimate goes by scores alone, the probabilities of pages also count evidence and take text "
    "from before chatbots for human."
)
NOT_FOR_PEOPLE = (
    "No decision about a person may rest on a score, a probability or a weight: on a single text the detector is wrong "
    "too often."
)


def describe(story: Story, publication: Publication) -> str:
    """One sentence with the figures, or the description that was configured."""
    if publication.params.description:
        return publication.params.description
    languages = len(story.languages)
    tokens = "" if story.sampled else f" ({story.funnel.tokens:,} tokens)"
    return (
        f"{story.funnel.rows:,} web page{plural(story.funnel.rows)}{tokens} in "
        f"{'at least ' if story.sampled else ''}{languages:,} language{plural(languages)}, extracted from "
        f"{story.run.archives:,} web archive{plural(story.run.archives)}, each with its provenance, an estimate of how "
        "likely a human wrote it, and a weight for training."
    )


def coverage(story: Story) -> Iterator[str]:
    """What covers all rows and what only those that were read; nothing if those are all."""
    scope = story.scope
    if scope.partial:
        exact = "Counts of records and rows" if story.sampled else "Records, rows, tokens, languages and weights"
        also = "tokens, languages, weights, " if story.sampled else ""
        read = f"{scope.read:,} of them ({percent(scope.read / scope.rows)})"
        yield f"{exact} cover all {scope.rows:,} rows."
        yield (
            f"The rest ({also}hosts, sources, duplicates, dates, signs, rights, distributions, pages shown) rests on "
            f"{read}, in groups taken by chance."
        )


def collection(story: Story) -> str:
    """Where the pages come from."""
    return (
        f"HTTP responses in {story.run.archives:,} web archive file{plural(story.run.archives)} "
        f"({story.run.archive_bytes:,} bytes); firsthand reads archives and crawls nothing. "
        f"Of {story.funnel.records:,} records {story.funnel.responses:,} were responses, of which "
        f"{story.funnel.rows:,} became rows."
    )


def missing(story: Story) -> str:
    """What was left out, and why."""
    refused = [entry for entry in story.funnel.rejected if entry.responses and entry.records]
    refused.sort(key=lambda entry: (-entry.records, entry.stage, entry.reason))
    total = sum(entry.records for entry in refused)
    if not total:
        return "No response was left out."
    reasons = ", ".join(f"{clean(entry.reason, 60)} {entry.records:,}" for entry in refused[:_REASONS])
    rest = total - sum(entry.records for entry in refused[:_REASONS])
    return (
        f"{total:,} responses are no rows: {reasons}{f', other reasons {rest:,}' if rest else ''}. Each stands in "
        "rejections/ with its reason."
    )


def preprocessing(story: Story, publication: Publication) -> Iterator[str]:
    """What was done to the pages, in order."""
    config = publication.config
    extractor = clean(str(config.get("extract", {}).get("extractor", "")), 40)
    yield f"The main text was extracted{f' (mode {extractor})' if extractor else ''} and normalised to Unicode NFC."
    rules = _names(config.get("filter", {}).get("reject"))
    yield (
        "The language was identified from the text; published quality rules were recorded for every page"
        + (f", and {', '.join(rules)} rejected pages." if rules else ", and none of them rejected a page.")
    )
    yield from _deduplication(config.get("dedup", {}))
    yield from map(dropped_for, story.duplicates.earlier)
    yield "No text was redacted, translated or rewritten."


def _deduplication(dedup: object) -> Iterator[str]:
    values = dedup if isinstance(dedup, dict) else {}
    method = values.get("method")
    if method == "near":
        yield (
            "Of pages with the same text, or with nearly the same (MinHash similarity of at least "
            f"{_number(values.get('threshold'))}), one was kept; its row says how many it stands for."
        )
    elif method == "exact":
        yield "Of pages with the same text one was kept; its row says how many it stands for."


def dropped_for(earlier: EarlierCorpus) -> str:
    """What was left out because an earlier corpus has it."""
    were = f"page{plural(earlier.pages)} {'was' if earlier.pages == 1 else 'were'}"
    return (
        f"{earlier.pages:,} {were} dropped for a row of an earlier corpus with the same text, or nearly the same; the "
        f"head of that corpus: {earlier.head}."
    )


def annotation(story: Story) -> str:
    """Who labelled the rows."""
    return (
        "Software annotated every row, nobody read it: language, quality signals, the detector's log-odds that a "
        "machine wrote the text, a calibrated probability that a human did, evidence beside the score, and a weight. "
        f"{weighing(story)}"
    )


def weighing(story: Story) -> str:
    """What the weights are, and what the estimate of synthetic text is."""
    return " ".join(_weighing(story))


def _weighing(story: Story) -> Iterator[str]:
    total = story.total
    if not total.pages:
        yield "There was no page to judge."
        return
    counted = " that were counted" if story.sampled else ""
    judged = total.pages - total.abstained
    yield f"The detector judged {judged:,} of {total.pages:,} page{plural(total.pages)}{counted}."
    if total.abstained:
        yield "The others have no human_probability and human_weight 1."
    if story.prior_set is not None:
        yield (
            f"The share of human pages that probabilities start from was set to {story.prior_set:g} by weigh.prior, "
            "not estimated."
        )
    if total.synthetic is not None:
        yield (
            f"From all scores at once it is estimated that a machine wrote {percent(total.synthetic.value)} of the "
            f"judged tokens (95 % interval {interval(total.synthetic)})."
        )
    yield from _effect(total)


def _effect(total: LanguageFigures) -> Iterator[str]:
    """What weighting does to the share by the probabilities of pages."""
    before, after = total.synthetic_unweighted, total.synthetic_weighted
    if before is not None and after is not None:
        change = f"; weighting brings that to {percent(after)}" if total.weighed else ""
        yield f"By the probabilities of the pages machines wrote {percent(before)} of the judged tokens{change}."
        if total.synthetic is not None:
            yield WHY_TWO_SHARES
    if not total.weighed:
        yield "All weights are 1."


def biases(story: Story) -> Iterator[str]:
    """What the corpus leans towards, as far as the figures show it."""
    if story.languages and story.funnel.tokens:
        first, counted = story.languages[0], " that were counted" if story.sampled else ""
        yield (
            f"{percent(first.tokens / story.funnel.tokens)} of the tokens{counted} are in one language "
            f"({clean(first.language, 20)}). Weights leave the tokens of every language as many as they were."
        )
    if silent := story.total.abstained:
        reasons = ", ".join(clean(reason, 40) for reason, _ in story.abstentions[:_REASONS])
        yield (
            f"The detector gave no opinion on {silent:,} page{plural(silent)}"
            f"{' that were counted' if story.sampled else ''}{f' ({reasons})' if reasons else ''}: the weights say "
            "nothing about them, and synthetic text among them counts in full."
        )
    if any(entry.language == "en" and entry.pages > entry.abstained for entry in story.languages):
        yield (
            "Formal English of offices, schools and companies is taken for machine-written more often than other "
            "human writing, and so weighs less than it should."
        )
    largest = next((host for host in story.top_hosts if host.host), None)  # "" is no host
    if largest is not None and story.scope.read:
        share = percent(largest.pages / story.scope.read)
        counted = " that were counted" if story.scope.partial else ""
        yield f"{share} of the pages{counted} are of one host; they are of {story.hosts:,} in all."


def limitations(story: Story) -> Iterator[str]:
    """What the rows cannot tell."""
    yield NOT_FOR_PEOPLE
    yield (
        "The share of synthetic text is an estimate by one detector, which misses what the newest models write in the "
        "genres of web pages."
    )
    yield "Titles, dates of publication, licences and statements about origin are what pages claim; none was checked."
    yield "Tokens are words and punctuation marks (a CJK or Thai character is one), not those of a model's tokenizer."
    yield from coverage(story)


def personal(story: Story) -> Iterator[str]:
    """What the pages may say about people."""
    yield (
        "Web pages name people and tell of their opinions, health, beliefs and whereabouts; nothing was searched for "
        "or removed. The address of every page is in its row."
    )


def rights(story: Story) -> Iterator[str]:
    """What the pages ask for, and who owns them."""
    opt_outs = [(name, pages) for name, pages in story.rights if not is_licence(name)]
    licences = [(name, pages) for name, pages in story.rights if is_licence(name)]
    read = f"of {story.scope.read:,} page{plural(story.scope.read)}" + (
        " that were counted" if story.scope.partial else ""
    )
    yield "The texts belong to their authors; that a page could be fetched is no licence."
    if opt_outs:
        yield f"Opt-outs from mining or training, {read}: {_counted(opt_outs)}. Such pages are rows like any other."
    else:
        yield f"No opt-out from mining or training was seen on any {read}."
    if licences:
        yield f"Licences declared, {read}: {_counted(licences)}."
    else:
        yield f"No licence was declared on any {read}."
    yield "robots.txt, terms of use and files such as /.well-known/tdmrep.json were not consulted."


def collected(sources: Sources) -> tuple[str, str] | None:
    """The first and last day of collection, None if no page is dated."""
    return (sources.first[:10], sources.last[:10]) if sources.first else None


def plural(number: int) -> str:
    """The ending of a noun after a number."""
    return "" if number == 1 else "s"


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:.1f} %"


def interval(share: Share) -> str:
    """The interval of a share."""
    return f"{100 * share.low:.1f}–{100 * share.high:.1f} %"


def _counted(pairs: list[tuple[str, int]]) -> str:
    return ", ".join(f"{clean(name, 60)} {pages:,}" for name, pages in pairs)


def _number(value: object) -> str:
    """A setting of a manifest that another hand may have written."""
    number = real(value)
    return "an unknown number" if number is None else f"{number:g}"


def _names(value: object) -> list[str]:
    return [clean(str(entry), 60) for entry in value] if isinstance(value, list | tuple) else []
