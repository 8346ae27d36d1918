"""The expressions by which trafilatura finds elements, in a tenth of their time and with the same result.

XPath tries each condition on each element, and asks Python for those that are regular expressions: 6 of the 15 ms that
trafilatura takes for a page. Here a value of an attribute is tried once for all conditions, and values recur.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura import xpaths

from transforms.extract.marks import Marks

Selector = Callable[[HtmlElement], Sequence[HtmlElement]]


def _pattern(expression: XPath, attribute: str, number: int = 0) -> str:
    """What an expression asks of an attribute by regular expression."""
    patterns: list[str] = re.findall(rf"re:test\({re.escape(attribute)}, '([^']*)'\)", expression.path)
    return patterns[number]


_ARTICLE, _, _STORY, _MAIN, _ = xpaths.BODY_XPATH
_RAW, _SHARE = xpaths.RAW_TREE_PRUNE_XPATH
(_COMMENTS,) = xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH
_SECTIONS, _ANY = xpaths.OVERALL_DISCARD_XPATH

_IS_ARTICLE, _IS_STORY, _IS_MAIN, _IS_LAST = 1, 2, 4, 8
_BODY_CLASSES = Marks(
    (
        _pattern(_ARTICLE, "@class"),
        _pattern(_STORY, "@class"),
        rf"{_pattern(_MAIN, '@class')}|[mM]ain-[cC]ontent|[pP]age-[cC]ontent",
        "^main",
    ),
    dict.fromkeys(("post", "entry"), _IS_ARTICLE)
    | dict.fromkeys(("postarea", "art-postcontent", "text", "cell", "story"), _IS_STORY)
    | {"content": _IS_MAIN},
    fulltext=_IS_STORY,
)
_BODY_IDS = Marks(
    (
        _pattern(_ARTICLE, "@id"),
        _pattern(_STORY, "@id"),
        f"{_pattern(_MAIN, '@id')}|[mM]ain-[cC]ontent",
        "^main",
    ),
    {"articleContent": _IS_ARTICLE, "article": _IS_STORY, "story": _IS_STORY, "content": _IS_MAIN},
)
_IS_SECTION, _IS_ANY, _IF_FIRST = 1, 2, 4
_CLASSES = Marks((_pattern(_SECTIONS, "@class"), _pattern(_ANY, "@class"), "cookie|^reply-"))
_IDS = Marks((_pattern(_SECTIONS, "@id"), _pattern(_ANY, "@id"), "cookie|^reply-|hidden"))

_BLOCKS = ("article", "div", "main", "section")
_COMMENT_TAGS = ("div", "list", "section", "details", "ol", "ul")
_SECTION_TAGS = ("div", "item", "list", "p", "section", "span")

# By way of the attributes: a fifth of the time that a condition on elements takes.
_BY_ROLE = XPath("descendant::*/@role[contains(translate(., 'N', 'n'), 'nav')]/..")
_REPLACED = XPath("descendant::*/@data-lp-replacement-content/..")
_POPULAR = XPath("descendant::*/@data-component[contains(., 'MostPopularStories')]/..")
_STYLED = XPath(
    "descendant::*/@style[contains(., 'hidden') or contains(., 'display:none') or contains(., 'display: none')]/.."
)
_HIDDEN = XPath("descendant::*/@aria-hidden[. = 'true']/..")
_CAPTIONS = (
    XPath("descendant::*/@id[contains(., 'caption')]/.."),
    XPath("descendant::*/@class[contains(., 'caption')]/.."),
)
_RAW_WORDS = "[contains(., 'mvp-post-add') or contains(., 'infinite')]"
_IF_RAW = XPath(f"boolean(descendant::*/@class{_RAW_WORDS}) or boolean(descendant::*/@id{_RAW_WORDS})")
_IF_SHARE = XPath("boolean(descendant::*/@class[contains(., 'elementor-share-buttons')])")
_COMMENTING = (
    XPath("descendant::*/@class[contains(., 'omment')]/.."),
    XPath(
        "descendant::*/@id[contains(., 'omment') or contains(., 'comol') or contains(., 'disqus_thread')"
        " or contains(., 'dsq-comments')]/.."
    ),
)
_COMMENTS_CLASS = re.compile(_pattern(_COMMENTS, "@class"))
_COMMENTS_ID, _COMMENTS_LIST_ID = (re.compile(_pattern(_COMMENTS, "@id", number)) for number in range(2))


def _article(tree: HtmlElement) -> list[HtmlElement]:
    return _first(tree, _BLOCKS, _IS_ARTICLE, "itemprop", "articleBody")


def _first_article(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in (next(tree.iterdescendants("article"), None),) if element is not None]


def _story(tree: HtmlElement) -> list[HtmlElement]:
    return _first(tree, _BLOCKS, _IS_STORY, "role", "article")


def _main(tree: HtmlElement) -> list[HtmlElement]:
    return _first(tree, _BLOCKS, _IS_MAIN)


def _last(tree: HtmlElement) -> list[HtmlElement]:
    for element in tree.iterdescendants(*_BLOCKS):
        if (
            element.tag == "main"
            or (_BODY_CLASSES[element.get("class")] | _BODY_IDS[element.get("id")]) & _IS_LAST
            or element.get("role", "").startswith("main")
        ):
            return [element]
    return []


def _first(tree: HtmlElement, tags: Sequence[str], bit: int, name: str = "", value: str = "") -> list[HtmlElement]:
    for element in tree.iterdescendants(*tags):
        marks = _BODY_CLASSES[element.get("class")] | _BODY_IDS[element.get("id")]
        if marks & bit or (name and element.get(name) == value):
            return [element]
    return []


def _if_any(condition: XPath, expression: XPath) -> Selector:
    """The expression, tried where a condition of it is met."""

    def select(tree: HtmlElement) -> Sequence[HtmlElement]:
        found: list[HtmlElement] = expression(tree) if condition(tree) else []
        return found

    return select


def _comments(tree: HtmlElement) -> list[HtmlElement]:
    found = dict.fromkeys(element for expression in _COMMENTING for element in expression(tree))
    return [element for element in found if element.tag in _COMMENT_TAGS and _is_comments(element)]


def _is_comments(element: HtmlElement) -> bool:
    id_pattern = _COMMENTS_LIST_ID if element.tag in ("ol", "ul") else _COMMENTS_ID
    return bool(_COMMENTS_CLASS.search(element.get("class", "")) or id_pattern.search(element.get("id", "")))


def _unwanted(tree: HtmlElement) -> list[HtmlElement]:
    """What either of two expressions finds, in no order."""
    found = [*_BY_ROLE(tree), *_REPLACED(tree), *_POPULAR(tree)]
    found = [element for element in found if element.tag in _SECTION_TAGS]
    for element in tree.iterdescendants("*"):
        marks = _CLASSES[element.get("class")] | _IDS[element.get("id")]
        if marks and _is_unwanted(element, marks):
            found.append(element)
    found += [element for element in _STYLED(tree) if _is_styled_away(element)]
    return [*found, *_HIDDEN(tree)]


def _is_unwanted(element: HtmlElement, marks: int) -> bool:
    if marks & _IS_ANY or (marks & _IS_SECTION and element.tag in _SECTION_TAGS):
        return True
    if not marks & _IF_FIRST:
        return False
    # These conditions are on the first of two attributes that an element has, whichever it is.
    value = element.get(_first_of(element, "id", "class"), "")
    if value.startswith("reply-") or ("cookie" in value and element.tag in _SECTION_TAGS):
        return True
    return "hidden" in element.get("id", "") and _first_of(element, "id", "style") == "id"


def _is_styled_away(element: HtmlElement) -> bool:
    style = element.get("style", "")
    return "display:none" in style or "display: none" in style or _first_of(element, "id", "style") == "style"


def _first_of(element: HtmlElement, one: str, other: str) -> str:
    return next((name for name in element.attrib if name in (one, other)), "")


def _captions(tree: HtmlElement) -> list[HtmlElement]:
    return [element for expression in _CAPTIONS for element in expression(tree) if element.tag in _SECTION_TAGS]


_SELECTORS: tuple[tuple[list[Selector], list[Selector]], ...] = (
    (xpaths.BODY_XPATH, [_article, _first_article, _story, _main, _last]),
    (xpaths.RAW_TREE_PRUNE_XPATH, [_if_any(_IF_RAW, _RAW), _if_any(_IF_SHARE, _SHARE)]),
    (xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH, [_comments]),
    (xpaths.OVERALL_DISCARD_XPATH, [_unwanted]),
    (xpaths.DISCARD_IMAGE_ELEMENTS, [_captions]),
)


@contextmanager
def selecting() -> Iterator[None]:
    """Has trafilatura use these instead of its own, in this process, for a while."""
    own = [theirs[:] for theirs, _ in _SELECTORS]
    for theirs, ours in _SELECTORS:
        theirs[:] = ours
    try:
        yield
    finally:
        for (theirs, _), before in zip(_SELECTORS, own, strict=True):
            theirs[:] = before
