"""What an inspection finds in an output: the same figures for the terminal, the report and the card.

Everything textual in here may have come from a page: whoever shows it makes it harmless first.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.original import LABEL

EVEN_ODDS = "even odds"  # what cells.json says a prior leans on where scores say nothing
FIXED = "fixed"  # what cells.json says a prior is borrowed from that weigh.prior set


@dataclass(frozen=True, slots=True)
class Share:
    """An estimated share, 0–1, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scope:
    """How much of the corpus the figures rest on. Counts of manifest.json and cells.json always cover it all."""

    rows: int  # rows of the corpus
    read: int  # rows that hosts, duplicates, dates, evidence and distributions were counted on; and languages and
    # tokens, where there is no cells.json

    @property
    def partial(self) -> bool:
        """Whether these were counted on some shards only."""
        return self.read < self.rows


@dataclass(frozen=True, slots=True)
class Rejected:
    """How many records a stage refused for a reason."""

    stage: str
    reason: str
    records: int
    responses: bool  # whether they were response records, which are what the corpus is made of


@dataclass(frozen=True, slots=True)
class Funnel:
    """From records to rows: responses = rows + Σ rejected responses."""

    records: int
    passed: tuple[tuple[str, int], ...]  # WARC-Type and records that are only counted
    responses: int
    rejected: tuple[Rejected, ...]  # in order of the stages, in a stage the most frequent first
    rows: int
    tokens: int


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """The rows of one language, or of all (`language` is "all")."""

    language: str
    pages: int
    tokens: int
    abstained: int  # pages on which the detector gave no opinion
    mean_probability: float | None  # human_probability, mean over the tokens of the other pages; None if there are none
    mean_weight: float | None  # human_weight, mean over tokens: 1 by construction; None without tokens
    effective_share: float | None  # Kish effective sample size over tokens, share of them; None without tokens
    synthetic: Share | None  # share of the judged tokens that a machine wrote, estimated from all scores at once (the
    # priors), not from the pages' probabilities; None if none were judged, or weigh.prior sets the prior
    synthetic_weighted: float | None  # the mean of 1 - human_probability over tokens times weight, of those judged
    synthetic_unweighted: float | None = None  # the same over tokens alone, 1 - mean_probability: before weighting

    @property
    def weighed(self) -> bool:
        """Whether any weight is not 1: with one weight for all the effective sample is the whole."""
        return self.effective_share is not None and self.effective_share < 1


@dataclass(frozen=True, slots=True)
class CellFigures:
    """One cell, language × length, as cells.json has it."""

    language: str
    length: str  # range of tokens
    pages: int
    tokens: int
    abstained: int  # pages
    prior_human: Share
    borrowed_from: str  # the wider group that the prior leans on, "" if none, or EVEN_ODDS, FIXED
    effective_share: float | None


@dataclass(frozen=True, slots=True)
class EarlyCheck:
    """What the detector makes of pages from before chatbots, which only people can have written: 0 if all is well."""

    pages: int
    synthetic: Share


@dataclass(frozen=True, slots=True)
class HostFigures:
    """The rows of one host; "" stands for URLs without one."""

    host: str
    pages: int
    tokens: int
    mean_probability: float | None  # over the tokens of the pages judged
    mean_weight: float | None  # over tokens


@dataclass(frozen=True, slots=True)
class PageLine:
    """One row of the corpus in a list."""

    id: str
    url: str
    title: str
    language: str
    tokens: int
    human_probability: float | None
    human_weight: float
    detector_score: float | None
    evidence: tuple[tuple[str, str], ...]  # kind and detail


@dataclass(frozen=True, slots=True)
class Component:
    """A near-duplicate component: the page that was kept and those it stands for."""

    component_id: str
    kept: PageLine
    pages: int  # the kept one included
    others: tuple[tuple[str, str], ...]  # URL and reason (duplicate_exact, duplicate_near), at most ten, by URL


@dataclass(frozen=True, slots=True)
class EarlierCorpus:
    """A corpus that this one was curated against."""

    head: str  # of its chain, 64 hex digits
    pages: int  # that repeat a row of it, and were dropped here

    @property
    def label(self) -> str:
        """Its name in a line of text: as many digits of the head as rejections have."""
        return f"{self.head[:LABEL]}…"


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What deduplication merged."""

    components: int  # rows that stand for more than one page
    merged: int  # pages they stand for beside themselves
    largest: tuple[Component, ...]  # most pages first
    earlier: tuple[EarlierCorpus, ...] = ()  # in the order of the manifest


@dataclass(frozen=True, slots=True)
class Dates:
    """Pages by month ("2024-05") or, where only that is known, by year; "" for those without a date. In order."""

    fetched: tuple[tuple[str, int], ...]  # `date`
    first_seen: tuple[tuple[str, int], ...]
    published: tuple[tuple[str, int], ...]  # by year: pages claim it, and often wrongly
    before_chatbots: int  # pages whose text was first seen before 2022-11-30


@dataclass(frozen=True, slots=True)
class Distribution:
    """A numeric column in bins. Bin i holds edges[i] <= value < edges[i+1]; the last one its upper edge, too."""

    column: str
    missing: int  # rows without a value
    minimum: float | None
    quantiles: tuple[float, ...]  # at 5, 25, 50, 75, 95 %; empty without values
    maximum: float | None
    mean: float | None
    edges: tuple[float, ...]  # [bins + 1], ascending; empty without values
    pages: tuple[int, ...]  # [bins]
    tokens: tuple[int, ...]  # [bins]


@dataclass(frozen=True, slots=True)
class Values:
    """A column of names: its commonest values."""

    column: str
    missing: int  # rows where it is null or empty
    distinct: int
    top: tuple[tuple[str, int], ...]  # value and pages, most pages first


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of a text, in characters, and what it adds to the score: nats, positive points to a machine."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """A page to read in the report."""

    line: PageLine
    why_here: str  # "most human", "most machine-like", "at random"
    date: str
    quality: float
    rules_failed: tuple[str, ...]
    rights: tuple[str, ...]
    duplicate_count: int
    text: str  # cut to a bounded number of characters
    cut: bool  # whether it was
    highlights: tuple[Highlight, ...]  # in order, none overlaps another; empty where there is no explanation


@dataclass(frozen=True, slots=True)
class Run:
    """What made the output, from its manifest; "" and 0 where the manifest does not say."""

    archives: int
    archive_bytes: int
    elapsed: float | None  # wall seconds
    cpu_s: tuple[tuple[str, float], ...]  # by stage
    config_digest: str
    model: str
    calibration: str
    version: str


@dataclass(frozen=True, slots=True)
class Story:
    """All of it."""

    output: str  # the folder as it was named
    finished: bool  # whether _SUCCESS was written
    run: Run
    scope: Scope
    funnel: Funnel
    total: LanguageFigures
    languages: tuple[LanguageFigures, ...]  # most tokens first, then by name
    cells: tuple[CellFigures, ...]
    hosts: int  # number of different hosts
    top_hosts: tuple[HostFigures, ...]  # most pages first
    duplicates: Duplicates
    dates: Dates
    evidence: tuple[tuple[str, int], ...]  # kind and pages that show it, most pages first
    rights: tuple[tuple[str, int], ...]  # signal and pages
    abstentions: tuple[tuple[str, int], ...]  # reason and pages
    rules: tuple[tuple[str, int], ...]  # quality rule broken and pages, among the rows
    distributions: tuple[Distribution, ...]  # human_probability, human_weight, token_count, quality, detector_score
    most_human: tuple[PageLine, ...]
    most_machine: tuple[PageLine, ...]
    discrepancies: tuple[str, ...]  # where files and manifest disagree, as sentences; empty after every sound run
    early: EarlyCheck | None = None  # None if no page is so old, or there is no cells.json
    prior_set: float | None = None  # share of human pages that weigh.prior set for all cells; None if it is estimated

    @property
    def sampled(self) -> bool:
        """Whether languages and tokens, too, are of the rows read only: nothing else has them without cells.json."""
        return self.scope.partial and not self.cells
