"""An opinion formed again from what a documents file keeps of a page: its text, and the signs its archive gave."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from transforms.records import Assessment, Evidence
from transforms.score.detector import Detector
from transforms.score.evidence import RESIDUE, rank, worth


def reassess(
    detector: Detector, text: str, *, language: str, script: str, url: str, known: Iterable[Evidence]
) -> Assessment:
    """What `detector.assess` would say of the page whose evidence was `known`, without its declarations at hand.

    Residue is looked for again. Every other sign only the archive could tell: it stays with what was found, and is
    worth what its kind is worth today.
    """
    again = detector.assess(text, language=language, script=script, url=url)
    told = [dataclasses.replace(sign, log_ratio=worth(sign)) for sign in known if sign.kind not in RESIDUE]
    return dataclasses.replace(again, evidence=rank([*told, *again.evidence]))
