"""Evidence beside the score: what a page declares about its origin, and what chatbots leave behind in pasted text.

Every log-ratio is log P(sign | machine) / P(sign | human) in nats; positive points to a machine. A kind counts once a
page however often it is found, so that repetition adds no certainty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from transforms.records import Declaration, Evidence
from transforms.score.residue import MARKUP, OPENING, PHRASE, TRACKED_LINK, find_residue

DECLARED = "declared"
DECLARED_ASSISTED = "declared-assisted"
DECLARED_HUMAN = "declared-human"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of evidence."""

    meaning: str
    log_ratio: float  # what it is worth, which is the clip of weights.md: no sign is worth more


KINDS: dict[str, Kind] = {
    DECLARED: Kind("the page declares, in a machine-readable way, that a machine wrote it", math.log(1000)),
    DECLARED_ASSISTED: Kind("the page declares that a machine took part or may have", math.log(5)),
    DECLARED_HUMAN: Kind("the page claims that no machine took part; cheap to say", -math.log(3)),
    MARKUP: Kind("marks that chatbots put into answers for their own interface, pasted as text", math.log(100)),
    PHRASE: Kind("the text speaks of itself as a language model, unquoted, in the first person", math.log(100)),
    OPENING: Kind("a line in which an assistant hands over its answer", math.log(5)),
    TRACKED_LINK: Kind("a link copied from a chatbot's answer; people copy such links too", math.log(5)),
}

DECLARATIONS: dict[str, str] = {
    "ai-disclosure": DECLARED,
    "ai-generated": DECLARED,
    "ai-content-declaration": DECLARED,
    "digital-source-type": DECLARED,
    "c2pa": DECLARED,
    "aigc-label": DECLARED,
    "generator": DECLARED,
    "ai-notice": DECLARED,
    "ai-assisted": DECLARED_ASSISTED,
    "aigc-suspected": DECLARED_ASSISTED,
    "human-claim": DECLARED_HUMAN,
}
"""Kind of a declaration (transforms.extract.declared.KINDS): its kind of evidence; others say nothing of origin."""

RESIDUE = frozenset((MARKUP, PHRASE, OPENING, TRACKED_LINK))
"""The kinds that stand in the text itself; the others only the archive of a page can tell."""

_MAX_DETAIL = 200


def gather(text: str, declarations: Sequence[Declaration], url: str) -> tuple[Evidence, ...]:
    """The evidence on a page, strongest first, at most one of each kind. `url`: "" if unknown."""
    found = [(DECLARATIONS[d.kind], f"{d.kind}: {d.detail}") for d in declarations if d.kind in DECLARATIONS]
    found += find_residue(text, url)
    first: dict[str, str] = {}
    for kind, detail in found:
        first.setdefault(kind, detail)
    return rank(Evidence(kind, detail[:_MAX_DETAIL], KINDS[kind].log_ratio) for kind, detail in first.items())


def rank(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence on a page in the order of the output: strongest first, then by name."""
    return tuple(sorted(evidence, key=lambda sign: (-abs(sign.log_ratio), sign.kind)))


def worth(sign: Evidence) -> float:
    """What a recorded sign is worth today; what it was worth if no kind has its name any more."""
    return KINDS[sign.kind].log_ratio if sign.kind in KINDS else sign.log_ratio


def total_log_ratio(evidence: Iterable[Evidence]) -> float:
    """The sum of the log-ratios, as transforms.probability.fuse takes it."""
    return math.fsum(sign.log_ratio for sign in evidence)
