"""Every threshold of the published rules, by name, and which of them fit which language.

Three sets. `PUBLISHED` holds the numbers of the papers; they were chosen on English. `LIGHT` is for every other
language written with spaces, `UNSPACED` for those written without. FineWeb-2 (Penedo et al. 2025) derives thresholds
for each language from statistics of that language and shows that English ones do harm elsewhere. A single page cannot
give such statistics, so the two light sets take, threshold by threshold, the *most lenient* among its published
configurations (github.com/huggingface/fineweb-2, `configs/`) of ar, de, fa, fr, hi, ko, ru for `LIGHT` and of ja, th,
zh for `UNSPACED`. What it switched off (`fineweb-2-pipeline.py`) is off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from transforms.filter.language import Language
from transforms.filter.stopwords import STOP_WORDS
from transforms.text import UNSPACED as UNSPACED_LETTERS

OFF = math.inf  # an upper bound that nothing exceeds; its opposite never falls short


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A number for each rule; `inf`, or `-inf` for a minimum, switches it off. The defaults are the published ones."""

    # Gopher quality: Rae et al. 2021, appendix A.1.1, "Quality filtering"
    gopher_words_min: float = 50.0
    gopher_words_max: float = 100_000.0
    gopher_word_length_min: float = 3.0
    gopher_word_length_max: float = 10.0
    gopher_symbols_max: float = 0.1
    gopher_bullets_max: float = 0.9
    gopher_ellipsis_lines_max: float = 0.3
    gopher_alpha_words_min: float = 0.8
    gopher_stop_words_min: float = 2.0
    # Gopher repetition: Rae et al. 2021, table A1
    gopher_dup_lines_max: float = 0.30
    gopher_dup_paragraphs_max: float = 0.30
    gopher_dup_line_chars_max: float = 0.20
    gopher_dup_paragraph_chars_max: float = 0.20
    gopher_top_2gram_max: float = 0.20
    gopher_top_3gram_max: float = 0.18
    gopher_top_4gram_max: float = 0.16
    gopher_dup_5gram_max: float = 0.15
    gopher_dup_6gram_max: float = 0.14
    gopher_dup_7gram_max: float = 0.13
    gopher_dup_8gram_max: float = 0.12
    gopher_dup_9gram_max: float = 0.11
    gopher_dup_10gram_max: float = 0.10
    # C4: Raffel et al. 2020, section 2.2
    c4_sentences_min: float = 3.0
    c4_curly_brackets_max: float = 0.0
    c4_lorem_ipsum_max: float = 0.0
    # FineWeb: Penedo et al. 2024, section 3.6; a page *at* one of these thresholds breaks the rule
    fineweb_line_punct_at_most: float = 0.12
    fineweb_dup_line_chars_at_least: float = 0.10
    fineweb_short_lines_at_least: float = 0.67
    # in FineWeb's code, not in its paper (datatrove, fineweb_quality_filter.py: `new_line_ratio`)
    fineweb_newlines_max: float = 0.3


PUBLISHED = Thresholds()

LIGHT = Thresholds(
    gopher_word_length_min=0.0,  # de
    gopher_word_length_max=21.0,  # hi
    gopher_alpha_words_min=0.713,  # ru
    gopher_dup_lines_max=0.374,  # ko
    gopher_dup_paragraphs_max=OFF,  # off in FineWeb-2, as are the next two
    gopher_dup_line_chars_max=OFF,
    gopher_dup_paragraph_chars_max=OFF,
    gopher_top_2gram_max=0.282,  # ko, to the end of the n-grams
    gopher_top_3gram_max=0.228,
    gopher_top_4gram_max=0.185,
    gopher_dup_5gram_max=0.201,
    gopher_dup_6gram_max=0.184,
    gopher_dup_7gram_max=0.168,
    gopher_dup_8gram_max=0.154,
    gopher_dup_9gram_max=0.14,
    gopher_dup_10gram_max=0.127,
    c4_sentences_min=-OFF,  # FineWeb-2 applies nothing of C4
    c4_curly_brackets_max=OFF,
    # FineWeb-2's most lenient, 0 (de, th), asks for one line that ends like a sentence. It is off: on the development
    # crawl the only page that fell by it alone was a blog post extracted as a single line.
    fineweb_line_punct_at_most=-OFF,
    fineweb_short_lines_at_least=OFF,  # off in FineWeb-2
    fineweb_newlines_max=0.316,  # hi
)

# A letter is a token here, two letters about a word: the n-gram rules for words are off, and ten letters stand for five
# words. Text length is counted in half words already.
UNSPACED = replace(
    LIGHT,
    gopher_word_length_min=-OFF,
    gopher_word_length_max=OFF,
    gopher_alpha_words_min=0.735,  # zh
    gopher_dup_lines_max=0.375,  # ja
    gopher_top_2gram_max=OFF,
    gopher_top_3gram_max=OFF,
    gopher_top_4gram_max=0.256,  # zh, for pairs of words
    gopher_dup_5gram_max=OFF,
    gopher_dup_6gram_max=OFF,
    gopher_dup_7gram_max=OFF,
    gopher_dup_8gram_max=OFF,
    gopher_dup_9gram_max=OFF,
    gopher_dup_10gram_max=0.307,  # ja, for five words
    fineweb_newlines_max=0.178,  # zh
)

NAMES: tuple[str, ...] = tuple(field.name for field in fields(Thresholds))

# The languages whose pages the published numbers were chosen on.
PUBLISHED_LANGUAGES = frozenset(("en",))
# How sure FineWeb was of a page's language before it applied them (Penedo et al. 2024, section 3.3: a fastText score of
# at least 0.65). Below it the name is a guess: of 150 human texts in Oromo the model calls nearly all Finnish, at
# .17–.53, and 124 fell for want of Finnish stop words before this bound was there.
SURE = 0.65

_UNSPACED_SCRIPTS = UNSPACED_LETTERS.keys() | {"Jpan"}
_UNSPACED_LANGUAGES = frozenset(("ja", "zh", "yue", "wuu", "th", "lo", "km", "my"))  # though most letters may be code


class Override(NamedTuple):
    """A threshold that the configuration sets."""

    language: str  # "" for all
    name: str  # a field of Thresholds
    value: float


def default_thresholds(found: Language) -> Thresholds:
    """The set for a text of this language.

    Stop words are asked for only where the language is sure and has a list of them.
    """
    sure = found.score >= SURE
    if sure and found.language in PUBLISHED_LANGUAGES:
        return PUBLISHED
    unspaced = found.script in _UNSPACED_SCRIPTS or found.language in _UNSPACED_LANGUAGES
    base = UNSPACED if unspaced else LIGHT
    return base if sure and found.language in STOP_WORDS else replace(base, gopher_stop_words_min=-OFF)


def overridden(found: Language, overrides: Iterable[Override]) -> Thresholds:
    """The set for a text of this language, as configured: built in, then set for all, then for this language."""
    given = list(overrides)
    settings = {o.name: o.value for language in ("", found.language) for o in given if o.language == language}
    base = default_thresholds(found)
    return replace(base, **settings) if settings else base


def parse_override(setting: str) -> Override | str:
    """The override that `[language:]name=number` sets, or a sentence saying what is wrong with it.

    >>> parse_override("de:gopher_words_min=30")
    Override(language='de', name='gopher_words_min', value=30.0)
    """
    left, equals, right = setting.partition("=")
    language, _, name = left.rpartition(":")
    name = name.strip()
    if not equals or name not in NAMES:
        return f"thresholds: expected [language:]name=number with a name in docs/configuration.md, got {setting!r}"
    try:
        value = float(right)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        return f"thresholds: expected a number after =, got {setting!r}"
    return Override(language.strip(), name, value)
