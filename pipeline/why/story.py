"""What `inspect --why` has to tell of one page. All text in here may come from the page: whoever shows it cleans it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.why.weight import Weighing


@dataclass(frozen=True, slots=True)
class Capture:
    """A record that the key names: a row of the corpus, or of the rejections."""

    id: str
    url: str
    warc_file: str
    record_offset: int
    record_id: str
    date: str  # when it was fetched; "" where only the rejections have it
    stage: str = ""  # that rejected it; "" for a row of the corpus, as the next three
    reason: str = ""
    detail: str = ""
    record_type: str = "response"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record lies."""

    archive: str  # address; "" if the manifest does not name it
    warc_file: str
    record_offset: int
    record_length: int | None  # bytes in the archive; None if unknown
    record_id: str
    record_type: str
    date: str  # when it was fetched; "" if unknown
    payload_digest: str  # "" if unknown
    command: str  # a command line that shows the record; "" if there is none


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was taken out of the page, and how it reads."""

    extractor: str
    charset: str
    title: str
    published: str
    published_source: str
    rights: tuple[str, ...]
    token_count: int
    language: str
    language_script: str
    language_score: float  # 0–1
    quality: float  # 0–1, higher is cleaner prose
    text_digest: str
    characters: int
    beginning: tuple[str, ...]  # the first lines that hold something


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A quality rule that the text breaks. A limit is that for the page's language."""

    rule: str
    meaning: str  # with the published, English threshold
    signal: str  # what was measured; "" if the rule looks at several and the record does not say which
    value: float
    comparison: str  # "<", "≤", ">" or "≥": value stands so to limit; "" if the limit is not known
    limit: float | None
    rejects: bool  # whether the run drops a page for it


@dataclass(frozen=True, slots=True)
class Copy:
    """A page of a component, with what the order of copies looks at."""

    id: str
    url: str
    date: str | None  # "" if the record has none; None if its document is not at hand, as the next two
    quality: float | None
    jaccard: float | None  # with the keeper, 0–1, estimated from the signatures
    same_text: bool  # as the keeper
    kept: bool


@dataclass(frozen=True, slots=True)
class Copies:
    """The component of a page. A keeper is the earliest copy, of those the cleanest prose, of those the smallest id."""

    component_id: str
    pages: int
    keeper: Copy
    others: tuple[Copy, ...]  # at most `MOST_COPIES`: the page asked for first, then by URL
    decided_by: str  # "date", "quality" or "id": what sets the page asked for, or the next best, apart; "" if unknown
    threshold: float  # of the run: least estimated Jaccard index of two texts that are joined
    hashes: int  # of a signature; 0 if none is at hand
    keeper_weight: float | None  # human_weight of the page that was kept
    earlier: str = ""  # the earlier output whose corpus has the keeper; "" if this one has


@dataclass(frozen=True, slots=True)
class Sign:
    """A piece of evidence."""

    kind: str
    meaning: str
    detail: str
    log_ratio: float  # nats, positive points to a machine


@dataclass(frozen=True, slots=True)
class Push:
    """A phrase or a measure of style, and what it adds to the sum: nats, positive points to a machine."""

    what: str
    weight: float
    times: int = 1


@dataclass(frozen=True, slots=True)
class Explained:
    """The score taken apart: Σ phrases + other words + Σ style + other style + constant = total.

    In nats of the log-ratio if `calibrated`, else of the bare score.
    """

    calibrated: bool
    phrases: tuple[Push, ...]  # those for a machine, then those for a human, each strongest first
    style: tuple[Push, ...]
    other_words: float
    other_style: float
    constant: float
    total: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the detector says."""

    detector_score: float | None
    abstain_reason: str
    abstain_meaning: str
    p_null: float | None
    model: str  # of the run
    other_detector: str  # what is installed now, if model or calibration are others than the run's; else ""
    evidence: tuple[Sign, ...]
    explained: Explained | None  # by the installed detector


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the page."""

    kept: bool
    stage: str  # that rejected it, "" if it was kept, as the next three
    reason: str
    meaning: str
    detail: str
    first_seen: str  # earliest fetch of exactly this text; "" if unknown or if the page was rejected


@dataclass(frozen=True, slots=True)
class PageStory:
    """The whole story of one page, as far as it got. What is None is not there, or its document is not at hand."""

    id: str
    url: str
    outcome: Outcome
    place: Place
    extracted: Extracted | None
    broken: tuple[BrokenRule, ...]
    copies: Copies | None  # None for a page without any
    opinion: Opinion | None
    weighing: Weighing | None
    notices: tuple[str, ...]  # what could not be told, and why


@dataclass(frozen=True, slots=True)
class Answer:
    """What a key names."""

    key: str
    captures: tuple[Capture, ...]  # the first is the one told of
    more: int  # captures beside those
    story: PageStory
