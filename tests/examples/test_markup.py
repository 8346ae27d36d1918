"""Pages are well-formed HTML whatever their text holds."""

from __future__ import annotations

from html.parser import HTMLParser

from examples.markup import Site, page
from examples.prose import Article, Block

SITE = Site("site", "A & B", "© <nobody>")


class Outline(HTMLParser):
    """Collects the texts of elements by tag and checks that every element is closed in turn."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data))


def test_text_that_looks_like_markup_is_shown_and_not_obeyed() -> None:
    blocks = (Block("paragraph", "if a < b & c: <script>"), Block("code", "</code></pre><b>"), Block("item", "<i>"))
    outline = Outline(page(SITE, Article("x", "<title> & more", blocks), [("/a?b&c", "<link>")]))
    assert outline.open == []
    assert ("p", "if a < b & c: <script>") in outline.texts
    assert ("code", "</code></pre><b>") in outline.texts
    assert ("li", "<i>") in outline.texts
    assert ("h1", "<title> & more") in outline.texts
    assert ("a", "<link>") in outline.texts


def test_marks_for_code_and_strong_become_elements() -> None:
    outline = Outline(page(SITE, Article("x", "X", (Block("paragraph", "use ``a < b`` or `c`, **now**"),)), []))
    assert [(tag, text) for tag, text in outline.texts if tag in ("code", "strong")] == [
        ("code", "a < b"),
        ("code", "c"),
        ("strong", "now"),
    ]


def test_items_that_follow_each_other_share_a_list() -> None:
    blocks = (Block("item", "one"), Block("item", "two"), Block("paragraph", "then"), Block("item", "three"))
    document = page(SITE, Article("x", "X", blocks), [])
    assert document.split("<article>")[1].count("<ul>") == 2
