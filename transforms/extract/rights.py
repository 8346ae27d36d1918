"""Rights signals: what a page asks of those who mine it. Recorded, never weighed."""

from __future__ import annotations

import re
from collections.abc import Iterable

# noai, noimageai: DeviantArt 2022, https://www.deviantart.com/team/journal/934500371; noml: the same convention.
_ROBOTS = ("noai", "noimageai", "noml")
_WORD = re.compile(r"[a-z]+")

# AI preferences, https://datatracker.ietf.org/doc/draft-ietf-aipref-attach: `Content-Usage: train-ai=n`.
_NO_TRAINING = re.compile(r"(?:^|[,;\s])(?:train-ai|train-genai)\s*=\s*n(?:$|[,;\s])")

MEANINGS: dict[str, str] = {
    "noai": "robots directive `noai`: not for training models",
    "noimageai": "robots directive `noimageai`: images not for training models",
    "noml": "robots directive `noml`: not for machine learning",
    "tdm-reservation": "TDMRep reservation 1: text and data mining rights are reserved",
    "no-train-ai": "`Content-Usage` preference against training",
}


def rights(headers: Iterable[tuple[str, str]], metas: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The signals found, each once, in the order of MEANINGS.

    `headers` are HTTP headers and `metas` the named `<meta>` elements, names in lower case.
    """
    found: set[str] = set()
    for name, value in headers:
        found.update(_signals(name, value.lower(), robots="x-robots-tag"))
    for name, value in metas:
        found.update(_signals(name, value.lower(), robots="robots"))
    return tuple(signal for signal in MEANINGS if signal in found)


def _signals(name: str, value: str, *, robots: str) -> list[str]:
    if name == robots:
        return [word for word in _WORD.findall(value) if word in _ROBOTS]
    # W3C TDM Reservation Protocol, https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/ §§ 6, 7
    if name == "tdm-reservation" and value.strip() == "1":
        return ["tdm-reservation"]
    if name == "content-usage" and _NO_TRAINING.search(value):
        return ["no-train-ai"]
    return []
