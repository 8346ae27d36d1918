"""Markup in a tree of Lexbor, which resiliparse brings: an HTML5 parser of twice libxml2's speed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import filterfalse, islice

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import COMMENT, TEXT, DocumentNode, DOMNode, ElementNode, HTMLTree

from transforms.extract.markup import FEEDS, LicenceLink, Time
from transforms.extract.plain import normalise

NAME = f"resiliparse-{version('resiliparse')}"

_LINKS = frozenset(("a", "area", "link"))
# Attributes and not `.class` or `#id`: those know no case in a document without a DOCTYPE.
_NOTICES = '[class~="ai-disclosure"], [id="ai-disclosure"]'
_CODE = frozenset(("pre", "code"))
# Elements nested in each other, libxml2's limit: of more it reads none. Crawl pages have up to 58; each costs 3 µs.
_DEPTH = 256
_DATE_CHARS = 64  # of a text that may be a date


@dataclass(frozen=True, slots=True)
class LexborMarkup:
    """See `Markup`. Lists of elements are taken whole: each of their items costs what all before it do."""

    tree: HTMLTree
    document: DocumentNode

    def metas(self) -> tuple[tuple[str, str], ...]:
        """Of `<meta>` elements."""
        elements = self.document.get_elements_by_tag_name("meta").values()
        pairs = ((e.getattr("name") or e.getattr("property"), e.getattr("content")) for e in elements)
        return tuple((name.strip().lower(), content) for name, content in pairs if name and content)

    def title(self) -> str:
        """Of the first `<title>`."""
        element = self.document.query_selector("title")
        return (element.text if element is not None else None) or ""

    def scripts(self, media_type: str) -> Iterator[str]:
        """Their contents."""
        elements = self.document.get_elements_by_attr("type", media_type).values()
        return (text for e in elements if e.tag == "script" and (text := e.text))

    def item_dates(self) -> Iterator[str]:
        """Of microdata."""
        for element in self.document.get_elements_by_attr("itemprop", "datePublished").values():
            yield element.getattr("datetime") or element.getattr("content") or _first_text(element)

    def times(self) -> list[Time]:
        """All of them."""
        return [
            Time(e.hasattr("pubdate"), e.getattr("class") or "", e.getattr("datetime") or "")
            for e in self.document.get_elements_by_tag_name("time").values()
        ]

    def licence_links(self) -> Iterator[LicenceLink]:
        """Those whose relation has the word in it."""
        for element in self.document.query_selector_all("[rel*=license i]").values():
            if element.tag in _LINKS and (href := element.getattr("href")):
                yield LicenceLink(element.getattr("rel") or "", href, element.getattr("type") or "")

    def carriers(self, attribute: str) -> list[tuple[str, str]]:
        """Elements with an attribute."""
        elements = self.document.query_selector_all(f"[{attribute}]").values()
        return [(element.tag or "", element.getattr(attribute) or "") for element in elements]

    def articles(self) -> int:
        """Their number."""
        return len(self.document.get_elements_by_tag_name("article"))

    def notices(self, *, most: int, chars: int) -> Iterator[str]:
        """Their first characters, as far as these are found in four times as many nodes.

        They are sought among the first four times as many elements of that class or id, parts of code counted.
        """
        marked = self.document.query_selector_all(_NOTICES).values()[: 4 * most]
        for element in islice(filterfalse(_is_code, marked), most):
            # A node takes 2.5 µs. Notices may be nested in each other, and each then holds all text that follows.
            texts = (node.value or "" for node in islice(element, 4 * chars) if node.type == TEXT)
            yield " ".join(texts)[:chars]

    def main_text(self, *, url: str, mode: str) -> tuple[str, str]:
        """By resiliparse's rules for main content, whatever the address; they are of one mode."""
        return normalise(main_text(self.tree)), f"{NAME}/main-content"


def parse(source: str) -> LexborMarkup | None:
    """The tree of a document, None if it is a feed."""
    tree = HTMLTree.parse(source)
    document, body = tree.document, tree.body
    first = body.first_element_child if body is not None else None
    if document is None or (first is not None and first.tag in FEEDS):
        return None
    return LexborMarkup(tree, document)


def main_text(source: str | HTMLTree) -> str:
    """The main text of a document as resiliparse finds it."""
    # Alternative texts and comments cost .013 of word F1; bullets would be text that nobody wrote.
    return extract_plain_text(
        source, preserve_formatting=True, main_content=True, alt_texts=False, list_bullets=False, comments=False
    )


def _is_code(element: ElementNode) -> bool:
    """Whether it is part of code; what is nested deeper than libxml2 would read is taken for it.

    A selector that asks for it, `:not(pre *)`, looks at all ancestors of all elements: 10 s for 40,000 in 40,000.
    """
    tags = [ancestor.tag for ancestor in islice(_ancestors(element), _DEPTH)]
    return tags[-1] != "#document" or not _CODE.isdisjoint(tags)


def _ancestors(node: DOMNode) -> Iterator[DOMNode]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _first_text(element: ElementNode) -> str:
    """The text before the first element in it, as far as a date goes."""
    text = ""
    for node in islice(element, 1, None):  # it comes first itself
        if node.type == TEXT:
            text += node.value or ""
        if node.type not in (TEXT, COMMENT) or len(text) > _DATE_CHARS:
            break
    return text
