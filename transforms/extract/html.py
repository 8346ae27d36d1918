"""Markup to text by way of a tree of libxml2: the main content of a page, normalised."""

from __future__ import annotations

from contextlib import nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING

from lxml.etree import ElementDefaultClassLookup, ErrorTypes, HTMLParser, ParserError, XMLSyntaxError
from lxml.html import HtmlElement, document_fromstring
from trafilatura.core import extract

from transforms.extract import lexbor
from transforms.extract.markup import FEEDS
from transforms.extract.plain import normalise
from transforms.extract.repair import repaired

_VERSION = version("trafilatura")
_TRAFILATURA = f"trafilatura-{_VERSION}"

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

# Ratios from 1.5 to 5 give word F1 within .002 of each other; without the bound on length the cost rises by 2 ms.
_LITTLE_CHARS = 3000
_RESCUE_RATIO = 3


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
    return None if first is not None and first.tag in FEEDS else tree


def main_text(html: str, tree: HtmlElement, *, url: str, mode: str) -> tuple[str, str]:
    """The main content, blocks separated by a newline ("" if there is none), and which extractor found it.

    `tree` is what `parse` made of `html`; it is used up. Modes: "fast" is trafilatura without its fallbacks, with
    resiliparse as rescue; "precise" is trafilatura with its fallbacks and stricter rules; "blocks" is the learned
    filter of blocks.py.
    """
    if mode == "fast":
        text, extractor = _fast(html, tree, url)
    elif mode == "precise":
        text, extractor = _trafilatura(tree, url, precise=True), f"{_TRAFILATURA}/precise"
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
        rescue = lexbor.main_text(html)
        if len(rescue) > _RESCUE_RATIO * len(text):
            return rescue, f"{_TRAFILATURA}/fast+{lexbor.NAME}"
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
