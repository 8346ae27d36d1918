"""Markup to text: the main content of a page, normalised."""

from __future__ import annotations

import re
import unicodedata
from contextlib import nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING

from lxml.etree import ElementDefaultClassLookup, ErrorTypes, HTMLParser, ParserError, XMLSyntaxError
from lxml.html import HtmlElement, document_fromstring
from resiliparse.extract.html2text import extract_plain_text
from trafilatura.core import extract

from transforms.extract.repair import repaired

_VERSION = version("trafilatura")
_TRAFILATURA = f"trafilatura-{_VERSION}"
_RESILIPARSE = f"resiliparse-{version('resiliparse')}"

# trafilatura's settings. But every element is an HtmlElement, and none a FormElement or the like: which of them it is
# lxml asks Python, and that took as long as going through the elements does.
PARSER = HTMLParser(collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True)
PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))

# The version whose steps and expressions we know a shorter way through; any other is asked by its general entry.
_KNOWN = _VERSION == "2.3.1"
if TYPE_CHECKING or _KNOWN:
    from transforms.extract.rules import rules_text
    from transforms.extract.selectors import selecting

_NO_MEMORY = ErrorTypes.ERR_NO_MEMORY
_FEEDS = frozenset(("rss", "feed", "rdf:rdf", "urlset", "sitemapindex"))

# Ratios from 1.5 to 5 give word F1 within .002 of each other; without the bound on length the cost rises by 2 ms.
_LITTLE_CHARS = 3000
_RESCUE_RATIO = 3

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls but tab and newline, lone surrogates, U+FEFF (in text a leftover byte order mark), noncharacters.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
# C2PA text manifests are runs of variation selectors, thousands long; emoji and ideographs take one each.
_SELECTOR_RUN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
# Of all these at least one character: few texts have any, and to look once takes a third of looking thrice.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufffe\uffff"
    "\U000e0100-\U000e01ef]"
)
_BLANK_LINES = re.compile(r"\n{3,}")
_MAX_TITLE = 500


def parse(html: str) -> HtmlElement | None:
    """The tree of a document, None if there is no markup in it, or if it is a feed.

    Comments and processing instructions are left out. Raises MemoryError if the tree does not fit.
    """
    # Not trafilatura's load_html: that takes a lack of memory for a lack of text.
    try:
        tree: HtmlElement = document_fromstring(repaired(html), parser=PARSER)
    except XMLSyntaxError as error:
        if error.code == _NO_MEMORY:
            raise MemoryError from error
        return None
    except ParserError:  # "Document is empty"
        return None
    first = tree.find("body/*")
    return None if first is not None and first.tag in _FEEDS else tree


def main_text(html: str, tree: HtmlElement, *, url: str, mode: str) -> tuple[str, str]:
    """The main content, blocks separated by a newline ("" if there is none), and which extractor found it.

    `tree` is what `parse` made of `html`; it is used up. Modes: "fast" is trafilatura without its fallbacks, with
    resiliparse as rescue; "precise" is trafilatura with its fallbacks and stricter rules; "resiliparse" is its
    main-content heuristic alone; "blocks" is the learned filter of blocks.py.
    """
    if mode == "fast":
        text, extractor = _fast(html, tree, url)
    elif mode == "precise":
        text, extractor = _trafilatura(tree, url, precise=True), f"{_TRAFILATURA}/precise"
    elif mode == "resiliparse":
        text, extractor = _resiliparse(html), f"{_RESILIPARSE}/main-content"
    elif mode == "blocks":
        from transforms.extract.blocks import main_blocks  # NumPy, which no other mode needs

        text, extractor = main_blocks(tree)
    else:
        raise ValueError(f"unknown mode {mode!r}")
    return normalise(text), extractor


def _fast(html: str, tree: HtmlElement, url: str) -> tuple[str, str]:
    """trafilatura's rules tuned for recall; where they find little, resiliparse's text if it is much longer.

    On the 387 gold pages: word F1 .907 and segment F1 .876 in 12 ms a page, all columns included. Without the rescue
    .885 and .859; trafilatura's fast mode .881 and .859 in 28 ms; its default .895 and .865 in 38 ms.
    """
    text = rules_text(tree, lambda: _again(html)) if _KNOWN else _trafilatura(tree, url, precise=False)
    if len(text) < _LITTLE_CHARS:
        rescue = _resiliparse(html)
        if len(rescue) > _RESCUE_RATIO * len(text):
            return rescue, f"{_TRAFILATURA}/fast+{_RESILIPARSE}"
    return text, f"{_TRAFILATURA}/fast"


def _trafilatura(tree: HtmlElement, url: str, *, precise: bool) -> str:
    # As rules.py does, which takes the steps of one version in one of the modes.
    with selecting() if _KNOWN else nullcontext():
        text: str | None = extract(
            tree,
            url=url or None,
            fast=not precise,
            favor_precision=precise,
            favor_recall=not precise,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
        )
    return text or ""


def _again(html: str) -> HtmlElement:
    tree = parse(html)
    assert tree is not None  # it was none before
    return tree


def _resiliparse(html: str) -> str:
    # Alternative texts and comments cost .013 of word F1; bullets would be text that nobody wrote.
    text: str = extract_plain_text(
        html, preserve_formatting=True, main_content=True, alt_texts=False, list_bullets=False, comments=False
    )
    return text


def normalise(text: str) -> str:
    """NFC without control characters but newline and tab, no trailing spaces, at most one blank line in a row.

    >>> normalise("e\\u0301\\r\\n\\r\\n\\r\\n\\x00b ")
    'é\\n\\nb'
    """
    if _ODD.search(text):
        text = _LINE_BREAKS.sub("\n", text)
        text = _SELECTOR_RUN.sub("", _UNWANTED.sub("", text))
    # Line by line: `\s+$` as a pattern is quadratic in a run of spaces, and a hostile page has 10⁶ of them.
    text = "\n".join(part.rstrip() for part in unicodedata.normalize("NFC", text).split("\n"))
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def metas(tree: HtmlElement) -> tuple[tuple[str, str], ...]:
    """(name, content) of the `<meta>` elements that have both, names (or RDFa properties) in lower case, in order."""
    pairs = ((e.get("name") or e.get("property"), e.get("content")) for e in tree.iter("meta"))
    return tuple((name.strip().lower(), content) for name, content in pairs if name and content)


def title(tree: HtmlElement, named: tuple[tuple[str, str], ...]) -> str:
    """The page's own title on one line, at most 500 characters: og:title (it leaves out the site), else `<title>`."""
    claimed = next((content for name, content in named if name == "og:title"), None)
    if not claimed:
        element = next(tree.iter("title"), None)
        claimed = element.text_content() if element is not None else ""
    return line(claimed, limit=_MAX_TITLE)


def line(text: str, *, limit: int) -> str:
    """Normalised text on one line, at most `limit` characters."""
    return " ".join(normalise(text[: 4 * limit]).split())[:limit].rstrip()
