"""The text of HTML, DocBook and Mallard between the borders of blocks, without code, tables of contents and menus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from lxml import etree, html

# fmt: off
# Skipped without parting the sentence they stand in.
_INLINE = frozenset(
    (
        "indexterm", "remark", "inlinemediaobject", "media", "svg", "math", "button", "object", "script", "style",
    )
)
SKIPPED = _INLINE | frozenset(
    (
        "head", "nav", "header", "footer", "pre", "noscript", "textarea", "select", "iframe", "programlisting",
        "screen", "synopsis", "cmdsynopsis", "funcsynopsis", "literallayout", "legalnotice", "copyright",
        "bookinfo", "articleinfo", "info", "toc", "mediaobject",
    )
)
BLOCKS = (SKIPPED - _INLINE) | frozenset(
    (
        # HTML
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div", "dl", "dt",
        "figcaption", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "li", "main", "ol", "p", "section",
        "table", "tbody", "td", "th", "title", "tr", "ul",
        # DocBook
        "para", "simpara", "formalpara", "listitem", "varlistentry", "term", "entry", "row", "sect1", "sect2",
        "sect3", "sect4", "chapter", "appendix", "glossdef", "question", "answer", "subtitle", "bridgehead",
        "abstract", "note", "tip", "warning", "caution", "important", "footnote", "refpurpose",
        # Mallard, and the data of games
        "item", "page", "steps", "list", "terms", "quote", "description",
    )
)
# fmt: on
_ENCODING = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,30})", re.IGNORECASE)


def decode(data: bytes) -> str:
    """Text in UTF-8, or in the encoding it declares near its start, or else in Latin-1."""
    declared = [match.decode("ascii") for match in _ENCODING.findall(data[:2000])[:1]]
    for encoding in ("utf-8-sig", *declared):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def html_blocks(data: bytes) -> Iterator[str]:
    """The blocks of an HTML page, or of several in one file, in order; empty ones are among them."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(decode(data).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # empty, or nothing but comments
        return
    if root is not None:
        yield from _blocks(root)


def xml_blocks(data: bytes) -> Iterator[str]:
    """The blocks of a DocBook or Mallard file. No entity is expanded and no other file is opened."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return
    if root is not None:
        yield from _blocks(root)


def _blocks(root: etree._Element) -> Iterator[str]:
    parts: list[str] = []
    depth = 0  # of skipped elements around
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        name = node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
        if name in BLOCKS:
            yield "".join(parts)
            parts = []
        depth += (name in SKIPPED) * ((event == "start") - (event == "end"))
        if depth == 0:
            parts.append(_text(event, node, node is root))
    yield "".join(parts)


def _text(event: str, node: etree._Element, is_root: bool) -> str:
    """What stands behind a tag: text in an element, after its end or after a comment; an entity's character or name."""
    if event != "start":
        return "" if is_root else node.tail or ""
    if node.tag is etree.Entity:
        character = unescape(node.text)
        return character if character != node.text else node.name
    return node.text or ""
