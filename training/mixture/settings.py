"""The mixtures of the study: who writes in them, what the detector had not seen, at which shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus
from training.mixture.rules import CUT, DEFAULT, NONE, ORACLE, ORACLE_CAPPED, POWER, RULES, Rule

SHARES = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8)
FEW = (0.2, 0.6)
_FEW_RULES = (NONE, DEFAULT, CUT, POWER, ORACLE, ORACLE_CAPPED)


@dataclass(frozen=True, slots=True)
class Setting:
    """One kind of mixture."""

    name: str
    unseen: str  # one of training.mixture.judges.QUESTIONS
    shares: tuple[float, ...] = SHARES
    registers: bool = False  # people's texts of every register, not pages alone
    disguised: bool = False  # machine texts that were disguised, instead of those that were not
    origin: str = ""  # the only source of machine texts, "" for all
    all_rules: bool = False

    def machines(self, corpus: Corpus) -> NDArray[np.bool_]:
        """The machine texts that may be mixed in [texts]."""
        found = corpus.machine & ((corpus.attack != "") == self.disguised)
        return np.asarray(found & (corpus.origin == self.origin) if self.origin else found)

    def rules(self) -> Mapping[str, Rule]:
        """The rules that are tried."""
        return RULES if self.all_rules else {name: RULES[name] for name in _FEW_RULES}


FAMILY = Setting("families of generators", "family", all_rules=True)
REGISTERS = Setting(
    "families; people of every register", "family", shares=(0.05, 0.2, 0.4, 0.8), registers=True, all_rules=True
)
SOURCE = Setting("sources of machine texts", "source", shares=(0.05, 0.2, 0.6, 0.8))
DOMAIN = Setting("domains of machine texts", "domain", shares=FEW)
DISGUISED = Setting("families, and the texts are disguised", "family", shares=FEW, disguised=True)
WRITTEN = Setting("the source of 2026 in genres of pages", "source", shares=FEW, origin="written")
SETTINGS = (FAMILY, REGISTERS, SOURCE, DOMAIN, DISGUISED, WRITTEN)
