"""The blocks of a page: runs of text that no block-level element interrupts, and the elements around them.

One walk over the tree, in time proportional to its elements and characters however they are nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

_INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "img",
        ),
        *(
            "ins",
            "kbd",
            "label",
            "mark",
            "nobr",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
        ),
        *("sub", "sup", "time", "tt", "u", "var", "wbr"),
    }
)
# What a browser shows none of as text, or only as controls. <noscript> stays: forum software puts all posts there.
_UNREAD = frozenset(
    {
        *(
            "script",
            "style",
            "template",
            "svg",
            "head",
            "iframe",
            "object",
            "embed",
            "select",
            "option",
            "button",
            "input",
        ),
        *("textarea", "canvas", "audio", "video", "map", "noframes", "datalist", "dialog"),
    }
)
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

_HINT_CHARS = 200  # of class, id and role that are looked at, each: real ones are shorter
_REGION_BITS = {tag: 1 << number for number, tag in enumerate(REGIONS)}
_HINT_BITS = tuple((1 << len(REGIONS) + number, tuple(words.split())) for number, (_, words) in enumerate(HINTS))
_CONTENT = _HINT_BITS[0][0]
HIDDEN = 1 << len(REGIONS) + len(HINTS)
"""The mark of what a style or attribute hides; script may show it yet."""

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
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
        self._seen: dict[str, int] = {}
        self._at = -1
        self._anchors = 0
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._linked = self._links = 0

    def enter(self, element: HtmlElement) -> bool:
        """Whether what is within is to be read, then `leave` has to follow."""
        tag = element.tag
        if tag == "br":
            self._parts.append(_BREAK)
        if tag.__class__ is not str or tag in _UNREAD or tag == "br":
            return False
        if tag not in _INLINE:
            self._flush()
            self._open(tag, element)
        elif tag == "a":
            self._anchors += 1
            self._links += 1
        if element.text:
            self.add(element.text)
        return True

    def leave(self, tag: str) -> None:
        """The end of an element that was entered."""
        if tag not in _INLINE:
            self._flush()
            self.outline.ends[self._at] = len(self.outline.texts)
            self._at = self.outline.parents[self._at]
        elif tag == "a":
            self._anchors -= 1

    def add(self, text: str) -> None:
        """Text between two tags."""
        self._parts.append(text)
        if self._anchors:
            self._linked += len(text)

    def _open(self, tag: str, element: HtmlElement) -> None:
        out, outer = self.outline, self._at
        marks = (out.marks[outer] if outer >= 0 else 0) | _REGION_BITS.get(tag, 0)
        hints = self._hints(element) if element.attrib else 0
        out.tags.append(_TAG_CODES.get(tag, len(TAGS)))
        out.parents.append(outer)
        out.depths.append(out.depths[outer] + 1 if outer >= 0 else 0)
        out.marks.append(marks | hints)
        out.hinted.append((out.hinted[outer] if outer >= 0 else 0) + (hints & ~_CONTENT > 0))
        out.firsts.append(len(out.texts))
        out.ends.append(0)
        self._at = len(out.tags) - 1

    def _hints(self, element: HtmlElement) -> int:
        get = element.get
        named = " ".join(value[:_HINT_CHARS] for key in ("class", "id", "role") if (value := get(key)))
        found = self._seen.get(named)
        if found is None:
            found = self._seen[named] = _hints_in(named.lower())
        style = get("style")
        hidden = (style and _HIDING.search(style[:_HINT_CHARS])) or get("hidden") is not None
        return found | HIDDEN if hidden or get("aria-hidden") == "true" else found

    def _flush(self) -> None:
        if not self._parts:
            return
        words = "".join(self._parts).split()
        text = " ".join(words).replace(_BREAK + " ", _BREAK).replace(_BREAK, "\n").strip()
        if text:
            out = self.outline
            out.texts.append(text)
            out.words.append(len(words))
            out.linked.append(self._linked)
            out.links.append(self._links)
            out.inside.append(self._at)
        self._clear()


def outline(root: HtmlElement) -> Outline:
    """The blocks of a tree, which is not changed."""
    walk = _Walk()
    if not walk.enter(root):
        return walk.outline
    open_elements: list[tuple[str, Iterator[HtmlElement]]] = [(root.tag, iter(root))]
    tails: list[str | None] = [None]  # of the open elements
    while open_elements:
        for child in open_elements[-1][1]:
            if walk.enter(child):
                open_elements.append((child.tag, iter(child)))
                tails.append(child.tail)
                break
            if child.tail:
                walk.add(child.tail)
        else:
            walk.leave(open_elements.pop()[0])
            if tail := tails.pop():
                walk.add(tail)
    return walk.outline
