"""trafilatura's fast mode for plain text, without what its general entry does beside: the same text for less.

`trafilatura.extract` copies the tree four times, for steps that are not taken here, and makes options of a
configuration file for each page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import xpaths
from trafilatura.baseline import baseline
from trafilatura.core import _forum_thread_page
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import Extractor
from trafilatura.xml import xmltotxt

from transforms.extract.selectors import selecting

# Tables in and comments out: word F1 was .885 so, .882 with comments, .874 without tables. `dedup` stays off: its cache
# lives as long as the process, so a page's text would depend on those before it.
_OPTIONS = Extractor(fast=True, recall=True, comments=False, tables=True, dedup=False)


def rules_text(tree: HtmlElement, again: Callable[[], HtmlElement]) -> str:
    """The main text as trafilatura finds it when tuned for recall, in NFC; "" if there is none.

    `tree` is used up, and `again` makes another, for one page in ten.
    """
    with selecting():
        try:
            body, text = _body(tree, again)
        except (TypeError, ValueError):  # as in trafilatura: these steps may raise them
            return ""
        return unicodedata.normalize("NFC", xmltotxt(body, include_formatting=False).strip()) if text else ""


def _body(tree: HtmlElement, again: Callable[[], HtmlElement]) -> tuple[_Element, str]:
    """The elements of the main content, and how much text they hold."""
    cleaned = convert_tags(tree_cleaning(_pruned(tree), _OPTIONS), _OPTIONS)
    body, text = extract_content(cleaned, _OPTIONS)
    if len(text) < _OPTIONS.min_extracted_size:
        simple, simple_text, length = baseline(_pruned(again()))
        if length > len(text):
            return simple, simple_text
    return body, text


def _pruned(tree: HtmlElement) -> HtmlElement:
    is_forum = _forum_thread_page(tree)
    tree = prune_unwanted_nodes(tree, xpaths.RAW_TREE_PRUNE_XPATH)
    return tree if is_forum else prune_unwanted_nodes(tree, xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH)
