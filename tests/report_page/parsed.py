"""A report as its elements, by Python's own parser: no browser needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br"}


@dataclass
class Element:
    """An element with the text directly and indirectly in it."""

    tag: str
    attributes: dict[str, str]
    above: tuple[str, ...]  # tags of the elements it lies in, the outermost first
    text: str = ""


@dataclass
class Parsed:
    """All elements in order."""

    elements: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """The elements of this tag."""
        return [element for element in self.elements if element.tag == tag]

    def values(self, attribute: str) -> list[str]:
        """Every value that an attribute has anywhere."""
        return [e.attributes[attribute] for e in self.elements if attribute in e.attributes]


def parse(page: bytes) -> Parsed:
    """The elements of a page; fails if one is not closed where it should be."""
    parser = _Parser()
    parser.feed(page.decode("utf-8"))
    parser.close()
    assert not parser.open, f"left open: {[e.tag for e in parser.open]}"
    return parser.parsed


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parsed = Parsed()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(e.tag for e in self.open))
        self.parsed.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data
