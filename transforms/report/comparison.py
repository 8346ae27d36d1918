"""What differs between two outputs. "First" and "second" are as they were named; a change is second minus first."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report.story import LanguageFigures

TEXT, SCORE, EVIDENCE, FIRST_SEEN, PRIOR, LIFT = "text", "score", "evidence", "first_seen", "prior", "lift"

CAUSES: dict[str, str] = {
    TEXT: "its text or how it reads (language, tokens) is another",
    SCORE: "its text is the same, the detector's score or abstention is another",
    EVIDENCE: "text and score are the same, the evidence is another",
    FIRST_SEEN: "a copy in one run, but not in the other, is from before chatbots",
    PRIOR: "the page is the same: the prior of its cell, or the calibration, is another",
    LIFT: "its probability is the same: the other pages of its cell, or [weigh], are others",
}
"""Why the probability or the weight of a page moved; the first that holds."""

EDGES = (0.01, 0.1, 0.5)
"""Between the bins of a change: 0.5 down or more, …, less than 0.01 down, the same, less than 0.01 up, …"""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, release, model or archive that differs, each side as JSON; "" where it is not there."""

    name: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel."""

    name: str  # "responses", "filter: quality", "rows", …
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """A language in both runs; None in which it has no page."""

    language: str
    first: LanguageFigures | None
    second: LanguageFigures | None


@dataclass(frozen=True, slots=True)
class Example:
    """A page that is a row of one run only, and what the other says of it."""

    id: str
    url: str
    detail: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Rows of one run that the other has not, for one reason."""

    stage: str  # that rejected them in the other run; "" if it has no word of them
    reason: str
    rule: str  # the first quality rule or the language that the other run names, else ""
    rows: int
    examples: tuple[Example, ...]  # at most three, by id


@dataclass(frozen=True, slots=True)
class Spread:
    """Pages by how much a value of theirs changed, from down by EDGES[-1] or more to up by as much; see EDGES."""

    pages: tuple[int, ...]  # [2 · len(EDGES) + 3]


@dataclass(frozen=True, slots=True)
class Move:
    """A page that is a row of both runs, and what it weighs in each."""

    id: str
    url: str
    language: str
    probability: tuple[float | None, float | None]
    weight: tuple[float, float]
    cause: str  # one of CAUSES


@dataclass(frozen=True, slots=True)
class Succession:
    """A component of which another copy is kept."""

    component_id: str
    first_id: str
    first_url: str
    second_id: str
    second_url: str


@dataclass(frozen=True, slots=True)
class Regrouping:
    """A component of one run whose pages belong to several of the other."""

    component_id: str
    pages: int  # of it that both runs have
    parts: int  # components of the other run that they belong to
    urls: tuple[str, ...]  # some of its pages, at most three


@dataclass(frozen=True, slots=True)
class Rows:
    """What became of the rows."""

    both: int
    only_first: tuple[Absent, ...]  # most rows first
    only_second: tuple[Absent, ...]
    renamed: int  # URLs with a row of each run only: the same page under another id
    renamed_examples: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]  # column and rows of both in which it differs, most rows first
    weights: Spread
    probabilities: Spread  # of pages judged in both runs
    causes: tuple[tuple[str, int], ...]  # of CAUSES, in their order: pages that moved
    moved: tuple[Move, ...]  # farthest first


@dataclass(frozen=True, slots=True)
class Groups:
    """What became of the components of duplicates."""

    successions: int  # components of which another copy is kept
    succession_examples: tuple[Succession, ...]
    merged: int  # components of the second run that are several of the first
    merged_examples: tuple[Regrouping, ...]
    split: int  # components of the first run that are several of the second
    split_examples: tuple[Regrouping, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it."""

    first: str  # folder
    second: str
    settings: tuple[Setting, ...]
    made_with: tuple[Setting, ...]  # releases, model, calibration
    archives: tuple[Setting, ...]  # short name, and bytes in each run
    funnel: tuple[Step, ...]
    languages: tuple[LanguagePair, ...]  # most tokens first; then "all"
    rows: Rows
    groups: Groups

    @property
    def same(self) -> bool:
        """Whether nothing of it differs."""
        moved = self.rows.only_first or self.rows.only_second or self.rows.columns
        regrouped = self.groups.successions or self.groups.merged or self.groups.split
        counted = any(step.first != step.second for step in self.funnel)
        return not (self.settings or self.made_with or self.archives or moved or regrouped or counted)
