"""Rows of synthetic documents: texts of `benchmarks.families` in several languages, the rest of the row drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.families import Layout, family_random, make_words
from benchmarks.near_duplicates import VOCABULARY, Ids, spell
from transforms.dedup.fingerprint import Sketcher, fingerprint, prepare
from transforms.dedup.params import SignatureParams
from transforms.records import Assessment, Evidence, Extraction, Origin, Page, Reading
from transforms.schema import SIGNALS
from transforms.score.abstention import NOT_PROSE
from transforms.score.evidence import DECLARED, KINDS
from transforms.write.rows import Row, document_row

_LANGUAGES = (("en", "Latn"), ("de", "Latn"), ("fr", "Latn"), ("ru", "Cyrl"), ("zh", "Hani"))
_UP_TO = (0.45, 0.60, 0.70, 0.85, 1.0)  # cumulated shares of the languages
_CYRILLIC = str.maketrans("bdfgklmnprstvzaeiou", "бдфгклмнпрствзаеиоу")
_HAN, _HAN_LETTERS = 0x4E00, 20_000
_HOSTS = 5_000
_FIRST, _LAST = np.array(["2019-01-01", "2026-06-01"], "datetime64[s]").astype(np.int64).tolist()
_SIGNALS = dict.fromkeys(SIGNALS, 0.0)


@dataclass(frozen=True, slots=True)
class PageMaker:
    """Makes the rows of a layout, each from the seed and its own number alone."""

    layout: Layout
    seed: int
    words: NDArray[np.str_]  # by number, [VOCABULARY]
    sketcher: Sketcher

    @classmethod
    def of(cls, layout: Layout, seed: int, signature: SignatureParams) -> Self:
        """A maker with its vocabulary."""
        return cls(layout, seed, np.array([spell(number) for number in range(VOCABULARY)]), prepare(signature))

    def text(self, number: int) -> str:
        """The text of document `number`: a word is a letter where the language is Chinese."""
        return self._write_out(make_words(self.layout, self.seed, number), self._language(number)[1])

    def row(self, number: int, origin: Origin) -> Row:
        """The row of document `number` in documents/*.parquet."""
        words, (language, script) = make_words(self.layout, self.seed, number), self._language(number)
        text, own = self._write_out(words, script), np.random.default_rng((self.seed, number, 1, 0))
        page = Page(origin, _date(own), "sha1:" + "A" * 32, (), "text/html", "utf-8", "", b"")
        extraction = Extraction(text, f"Document {number}", "synthetic/1", "utf-8", "", "", (), ())
        reading = Reading(language, script, 0.99, words.size, _rounded(own.beta(8, 2)), _SIGNALS, ())
        return document_row(page, extraction, reading, _assess(own), fingerprint(text, self.sketcher))

    def _language(self, number: int) -> tuple[str, str]:
        """Language and script, the same in a whole family."""
        drawn = family_random(self.seed + 1, int(self.layout.family[number])).random()
        return _LANGUAGES[int(np.searchsorted(_UP_TO, drawn))]

    def _write_out(self, words: Ids, script: str) -> str:
        if script == "Hani":
            return "".join(map(chr, (_HAN + words % _HAN_LETTERS).tolist()))
        text = " ".join(self.words[words].tolist())
        return text.translate(_CYRILLIC) if script == "Cyrl" else text


def page_url(number: int) -> str:
    """The address of document `number`, on hosts with the long tail of the web."""
    host = int(_HOSTS ** np.random.default_rng((number, 1)).random())
    return f"https://host-{host}.example/{number}"


def _date(own: np.random.Generator) -> str:
    """When it was fetched; one page in fifty does not say."""
    second = np.datetime64(int(own.integers(_FIRST, _LAST)), "s")
    return "" if own.random() < 0.02 else f"{second}Z"


def _assess(own: np.random.Generator) -> Assessment:
    """One page in seven scores like a machine, one in twelve is not judged, one in fifty says that it was generated."""
    if own.random() < 1 / 12:
        return Assessment(None, NOT_PROSE, ())
    score = own.normal(3.0, 2.0) if own.random() < 1 / 7 else own.normal(-3.0, 2.0)
    declared = Evidence(DECLARED, "synthetic", KINDS[DECLARED].log_ratio)
    return Assessment(_rounded(score), "", (declared,) if own.random() < 0.02 else ())


def _rounded(value: float) -> float:
    return round(float(value), 6)
