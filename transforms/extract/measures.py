"""What tells main text from the rest: a row of numbers for each block of a page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.extract.outline import HINTS, REGIONS, TAGS, Outline

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_LEVELS = 5
_WINDOWS = (5, 15)
_FAR = 100  # blocks; what lies farther is as far
_HEADINGS = [TAGS.index(tag) for tag in ("h1", "h2", "h3", "h4")]
_SINGLE = (
    "length",
    "words",
    "linked",
    "links",
    "sentences",
    "commas",
    "ends",
    "tag",
    "tag_before",
    "tag_after",
    "copies",
)
_PAGE = ("page_length", "page_blocks", "page_linked", "page_sentences", "page_prose")
_PLACE = ("place", "place_in_text", "from_start", "from_end", "depth", "hinted")
_ELEMENT = ("length", "share", "linked", "blocks", "mean", "prose", "tag", "place")
_BODY = ("in_body", "around_body", "from_body", "place_in_body", "body_share", "likeness")
_WINDOW = ("length", "linked", "prose")
_NEAR = ("after_heading", "after_h1", "after_prose", "before_prose")
MEASURES = (
    *_SINGLE,
    *_PAGE,
    *_PLACE,
    *(f"in_{name}" for name in (*REGIONS, *(name for name, _ in HINTS), "hidden")),
    *(f"element{level}_{name}" for level in range(_LEVELS) for name in _ELEMENT),
    *_BODY,
    *(f"window{size}_{name}" for size in _WINDOWS for name in _WINDOW),
    *_NEAR,
)
"""Names of the columns. `element0` is the innermost element around a block, each next one holds more blocks."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """Running totals over blocks: [blocks + 1] each, the first 0."""

    length: Floats
    linked: Floats
    prose: Floats


def measure(page: Outline) -> NDArray[np.float32]:
    """float32 [blocks, MEASURES]: counts and ratios, nothing that differs between machines."""
    length = np.array([len(text) for text in page.texts], np.float64)
    linked = np.minimum(np.array(page.linked, np.float64), length)
    commas = np.array([text.count(",") + text.count("，") + text.count("、") for text in page.texts], np.float64)
    prose = (linked < 0.3 * length) & (length > 80)
    sums = _Sums(_running(length), _running(linked), _running(prose))
    inside, firsts, ends = (np.array(column, np.intp) for column in (page.inside, page.firsts, page.ends))
    widened = _widened(page)
    columns = _single(page, length, linked, commas)
    columns += _page(sums, sum_of=columns[4])
    columns += _place(page, sums, inside)
    columns += _marks(page, inside)
    for level in range(_LEVELS):
        columns += _element(page, sums, inside, firsts, ends)
        if level < _LEVELS - 1:
            inside = widened[inside]
    columns += _body(
        page, sums, np.where((linked < 0.3 * length) & (length > 25), 1 + np.minimum(length / 100, 3) + commas / 2, 0)
    )
    columns += _windows(sums)
    columns += _near(
        np.array(page.tags, np.intp)[np.array(page.inside, np.intp)], (length > 150) & (linked < 0.3 * length)
    )
    table = np.empty((len(columns), length.size), np.float32)
    for place, column in enumerate(columns):
        table[place] = column
    return table.T  # the trees ask for whole columns


def _running(values: NDArray[np.generic]) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _ratio(part: Floats | Ints, whole: Floats | Ints | float) -> Floats:
    return np.asarray(part / np.maximum(whole, 1), np.float64)


def _widened(page: Outline) -> Ints:
    """For each element the nearest one around it that holds more blocks; the root's is the root."""
    wider: list[int] = []
    for parent, first, end in zip(page.parents, page.firsts, page.ends, strict=True):
        same = parent > 0 and page.firsts[parent] == first and page.ends[parent] == end
        wider.append(wider[parent] if same else max(parent, 0))
    return np.array(wider, np.intp)


def _single(page: Outline, length: Floats, linked: Floats, commas: Floats) -> list[Floats]:
    count: dict[str, int] = {}
    for text in page.texts:
        count[text] = count.get(text, 0) + 1
    tags = np.array(page.tags, np.float64)[page.inside]
    sentences = np.array([text.count(". ") + text.count("。") for text in page.texts], np.float64)
    ends = np.array([text[-1] in '.!?。！？…:”»")' for text in page.texts], np.float64)
    before, after = np.concatenate(([-1.0], tags[:-1])), np.concatenate((tags[1:], [-1.0]))
    copies = np.array([count[text] for text in page.texts], np.float64)
    words, links = np.array(page.words, np.float64), np.array(page.links, np.float64)
    return [length, words, _ratio(linked, length), links, sentences + ends, commas, ends, tags, before, after, copies]


def _page(sums: _Sums, *, sum_of: Floats) -> list[Floats]:
    blocks = sum_of.size
    whole = (
        sums.length[-1],
        blocks,
        sums.linked[-1] / max(sums.length[-1], 1),
        sum_of.sum(),
        sums.prose[-1] / max(blocks, 1),
    )
    return [np.full(blocks, value) for value in whole]


def _place(page: Outline, sums: _Sums, inside: Ints) -> list[Floats]:
    number = np.arange(inside.size, dtype=np.float64)
    depths, hinted = np.array(page.depths, np.float64)[inside], np.array(page.hinted, np.float64)[inside]
    return [
        _ratio(number, inside.size),
        _ratio(sums.length[:-1], sums.length[-1]),
        number,
        number[::-1],
        depths,
        hinted,
    ]


def _marks(page: Outline, inside: Ints) -> list[Floats]:
    marks = np.array(page.marks, np.int64)[inside]
    return [np.asarray(marks >> bit & 1, np.float64) for bit in range(len(REGIONS) + len(HINTS) + 1)]


def _element(page: Outline, sums: _Sums, at: Ints, firsts: Ints, ends: Ints) -> list[Floats]:
    first, end = firsts[at], ends[at]
    blocks = (end - first).astype(np.float64)
    length = sums.length[end] - sums.length[first]
    linked = _ratio(sums.linked[end] - sums.linked[first], length)
    prose = _ratio(sums.prose[end] - sums.prose[first], blocks)
    tags = np.array(page.tags, np.float64)[at]
    place = _ratio(np.arange(at.size) - first, blocks)
    return [length, _ratio(length, sums.length[-1]), linked, blocks, _ratio(length, blocks), prose, tags, place]


def _body(page: Outline, sums: _Sums, worth: Floats) -> list[Floats]:
    """Where a block lies beside the element that reads most like an article.

    Each block of prose speaks for the element around its own, and half as much for the one around that: the idea of
    arc90's Readability.
    """
    parents = np.maximum(np.array(page.parents, np.intp), 0)
    firsts, ends = np.array(page.firsts, np.intp), np.array(page.ends, np.intp)
    inside, elements = np.array(page.inside, np.intp), len(page.tags)
    near = parents[inside]
    votes = np.bincount(near, worth, elements) + np.bincount(parents[near], worth / 2, elements)
    length = sums.length[ends] - sums.length[firsts]
    scores = votes * (1 - _ratio(sums.linked[ends] - sums.linked[firsts], length))
    best = int(scores.argmax())
    around = int(parents[best])
    number = np.arange(inside.size)
    first, end = firsts[best], ends[best]
    within = (number >= first) & (number < end)
    distance = np.where(within, 0, np.where(number < first, number - first, number - end + 1))
    place = np.where(within, (number - first) / max(end - first, 1), -1)
    return [
        within,
        (number >= firsts[around]) & (number < ends[around]),
        distance,
        place,
        np.full(number.size, length[best] / max(sums.length[-1], 1)),
        scores[near] / max(scores[best], 1),
    ]


def _windows(sums: _Sums) -> list[Floats]:
    columns: list[Floats] = []
    blocks = sums.length.size - 1
    number = np.arange(blocks)
    for size in _WINDOWS:
        first, end = np.maximum(number - size, 0), np.minimum(number + size + 1, blocks)
        length = sums.length[end] - sums.length[first]
        linked = _ratio(sums.linked[end] - sums.linked[first], length)
        columns += [length, linked, _ratio(sums.prose[end] - sums.prose[first], end - first)]
    return columns


def _near(tags: Ints, prose: NDArray[np.bool_]) -> list[Floats]:
    number = np.arange(tags.size)
    heading = np.maximum.accumulate(np.where(np.isin(tags, _HEADINGS), number, -_FAR))
    titles = np.minimum(np.cumsum(tags == _HEADINGS[0]), 3)
    before = np.maximum.accumulate(np.where(prose, number, -_FAR))
    after = np.minimum.accumulate(np.where(prose, number, tags.size + _FAR)[::-1])[::-1]
    distances = [number - heading, titles, number - before, after - number]
    return [np.minimum(distance, _FAR) for distance in distances]
