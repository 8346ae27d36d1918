"""What a page's markup says of the page: read of a tree, whichever parser made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol

# First elements of what is a feed and no page.
FEEDS = frozenset(("rss", "feed", "rdf:rdf", "urlset", "sitemapindex"))


class Time(NamedTuple):
    """A `<time>` element."""

    is_publication: bool  # whether it has the attribute `pubdate`
    classes: str
    datetime: str  # as written, "" if it has none


class LicenceLink(NamedTuple):
    """A link whose relation may be that to a licence."""

    rel: str
    href: str
    type: str  # media type of what it leads to, "" if none is given


class Markup(Protocol):
    """A parsed page. Everything comes in document order, as written there."""

    def metas(self) -> tuple[tuple[str, str], ...]:
        """(name, content) of the `<meta>` elements that have both; names, or RDFa properties, in lower case."""

    def title(self) -> str:
        """The text of the first `<title>`, "" if there is none."""

    def scripts(self, media_type: str) -> Iterator[str]:
        """The contents of the `<script>` elements of a type, but for empty ones."""

    def item_dates(self) -> Iterator[str]:
        """What the elements with `itemprop="datePublished"` say."""

    def times(self) -> list[Time]:
        """All `<time>` elements."""

    def licence_links(self) -> Iterator[LicenceLink]:
        """The links with an address and a relation that has "license" in it, among others perhaps."""

    def carriers(self, attribute: str) -> list[tuple[str, str]]:
        """(name, value of the attribute) of the elements that have an attribute."""

    def articles(self) -> int:
        """How many `<article>` elements there are."""

    def notices(self, *, most: int, chars: int) -> Iterator[str]:
        """The first characters of the first elements of class or id `ai-disclosure` that are not part of code."""

    def main_text(self, *, url: str, mode: str) -> tuple[str, str]:
        """The main content, normalised, blocks separated by a newline ("" if there is none), and the extractor.

        The last that is asked: it may use up the tree.
        """
