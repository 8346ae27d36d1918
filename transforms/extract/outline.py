"""The blocks of a page: runs of text that no block-level element interrupts, and the elements around them.

One walk over the tree, in time proportional to its elements and characters however they are nested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

_INLINE_NAMES = """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr
"""
# What a browser shows none of as text, or only as controls. <noscript> stays: forum software puts all posts there.
_UNREAD_NAMES = """
    audio button canvas datalist dialog embed head iframe input map noframes object option script select style svg
    template textarea video
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_UNREAD = frozenset(_UNREAD_NAMES.split())
_BREAK = "\0"  # <br>; no tree holds a NUL

TAGS = ("p", "li", "td", "h1", "h2", "h3", "h4", "div", "pre", "blockquote", "figcaption", "dd", "section", "article")
"""Tags that blocks are told apart by; all others are one kind."""

REGIONS = ("nav", "footer", "header", "aside", "form", "article", "main", "figure", "table", "ul", "ol", "noscript")
"""Elements that mark all the blocks within."""

HINTS = (
    ("content", "article body content entry main post text blog story prose markdown"),
    ("comment", "comment disqus reply replies respond"),
    ("chrome", "banner breadcrumb cookie consent foot gdpr header menu nav pager paginat modal overlay popup login"),
    (
        "promo",
        "advert ads ad- promo sponsor recommend related trending popular newsletter subscri signup teaser widget",
    ),
    ("side", "sidebar share social tag more"),
    ("meta", "meta byline author date caption"),
)
"""Names, and what in a class, id or role marks all the blocks within."""

MOST_ELEMENTS = 1 << 16
"""Block-level elements of a page that are read, which bounds its blocks: of 671 pages the largest has 6,520."""

_NAMING = frozenset(("class", "id", "role"))
_HINT_CHARS = 200  # of class, id and role that are looked at, each: real ones are shorter
_REGION_BITS = {tag: 1 << number for number, tag in enumerate(REGIONS)}
_HINT_BITS = tuple((1 << len(REGIONS) + number, tuple(words.split())) for number, (_, words) in enumerate(HINTS))
_CONTENT = _HINT_BITS[0][0]
HIDDEN = 1 << len(REGIONS) + len(HINTS)
"""The mark of what a style or attribute hides; script may show it yet."""

_HIDING = {
    "style": re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE),
    "aria-hidden": re.compile("true"),
    "hidden": re.compile(""),
}
_TAG_CODES = {tag: number for number, tag in enumerate(TAGS)}


@dataclass(slots=True)
class Outline:
    """Blocks in reading order, and the elements they lie in; an element comes after the one it lies in."""

    texts: list[str] = field(default_factory=list)  # white space collapsed; a newline for each <br>
    words: list[int] = field(default_factory=list)  # between white space
    linked: list[int] = field(default_factory=list)  # characters within <a>, white space as in the source
    links: list[int] = field(default_factory=list)
    inside: list[int] = field(default_factory=list)  # the innermost element around each block
    tags: list[int] = field(default_factory=list)  # of each element: index into TAGS, or len(TAGS)
    parents: list[int] = field(default_factory=list)  # −1 for the root
    depths: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)  # bits: REGIONS, HINTS, HIDDEN, of the element and those around it
    hinted: list[int] = field(default_factory=list)  # elements with any hint but `content`, from the root to this one
    firsts: list[int] = field(default_factory=list)  # its first block
    ends: list[int] = field(default_factory=list)  # one past its last


def _hints_in(named: str) -> int:
    """Plain searches: 1 µs where one pattern of all words took 70."""
    bits = 0
    for bit, words in _HINT_BITS:
        for word in words:
            if word in named:
                bits |= bit
                break
    return bits


class _Walk:
    """Where a walk stands: the open element, and the block that is being gathered."""

    def __init__(self) -> None:
        self.outline = Outline()
        self._parts: list[str] = []  # of the block
        self._linked = self._links = self._anchors = 0
        self._seen: dict[str, int] = {}
        self._at = -1

    def start(self, tag: str, element: HtmlElement) -> None:
        """An element begins whose tag stands in the way of no text."""
        if tag not in _INLINE:
            self._end_block()
            self._open(tag, element)
        elif tag == "a":
            self._anchors += 1
            self._links += 1
        elif tag == "br":
            self._parts.append(_BREAK)

    def end(self, tag: str) -> None:
        """An element ends that was started."""
        if tag not in _INLINE:
            self._end_block()
            self.outline.ends[self._at] = len(self.outline.texts)
            self._at = self.outline.parents[self._at]
        elif tag == "a":
            self._anchors -= 1

    def finish(self) -> None:
        """Nothing more is read: what is open ends here."""
        while self._at >= 0:
            self.end("")

    def read(self, text: str) -> None:
        """Text between two tags. White space counts within a block only."""
        if self._parts or not text.isspace():
            self._parts.append(text)
            if self._anchors:
                self._linked += len(text)

    def _open(self, tag: str, element: HtmlElement) -> None:
        out, outer = self.outline, self._at
        self._at = len(out.tags)
        marks, hinted, depth = (out.marks[outer], out.hinted[outer], out.depths[outer]) if outer >= 0 else (0, 0, -1)
        if hints := self._hints(element):
            hinted += hints & ~_CONTENT > 0
            marks |= hints
        out.tags.append(_TAG_CODES.get(tag, len(TAGS)))
        out.parents.append(outer)
        out.depths.append(depth + 1)
        out.marks.append(marks | _REGION_BITS.get(tag, 0))
        out.hinted.append(hinted)
        out.firsts.append(len(out.texts))
        out.ends.append(0)

    def _end_block(self) -> None:
        if not self._parts:
            return
        words = "".join(self._parts).split()
        text = " ".join(words)
        if _BREAK in text:
            text = text.replace(" " + _BREAK, _BREAK).replace(_BREAK + " ", _BREAK).replace(_BREAK, "\n").strip()
        if text:
            out = self.outline
            out.texts.append(text)
            out.words.append(len(words))
            out.linked.append(self._linked)
            out.links.append(self._links)
            out.inside.append(self._at)
        self._parts.clear()
        self._linked = self._links = 0

    def _hints(self, element: HtmlElement) -> int:
        bits = 0
        for key, value in element.items():
            if key in _NAMING:
                named = value[:_HINT_CHARS]
                found = self._seen.get(named)
                if found is None:
                    found = self._seen[named] = _hints_in(named.lower())
                bits |= found
            elif key in _HIDING and _HIDING[key].search(value, 0, _HINT_CHARS):
                bits |= HIDDEN
        return bits


def outline(root: HtmlElement) -> Outline:
    """The blocks of a tree, which is not changed; of its first MOST_ELEMENTS block-level elements."""
    walk = _Walk()
    events = iterwalk(root, events=("start", "end"))
    for event, element in events:
        tag = element.tag
        read = tag.__class__ is str and tag not in _UNREAD  # an entity's tag is a function
        if event == "start":
            if read and len(walk.outline.tags) == MOST_ELEMENTS:
                walk.finish()
                break
            if read:
                walk.start(tag, element)
            else:
                events.skip_subtree()
                continue
        elif read:
            walk.end(tag)
        text = element.text if event == "start" else element.tail
        if text:
            walk.read(text)
    return walk.outline
