"""A text with the stretches marked that moved the score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.report.html.element import Content, Html, element
from transforms.report.html.numbers import decimal
from transforms.report.html.visible import cut
from transforms.report.story import Highlight, ReaderPage

_STRENGTHS = 4
_LISTED = 6  # phrases named under a text, in each direction


def marked(page: ReaderPage) -> Iterator[Content]:
    """The text in pieces, the marked ones as elements. Marks that lie outside it or over others are left out."""
    strongest = max((abs(mark.weight) for mark in page.highlights), default=0.0)
    at = 0
    for mark in _sound(page.highlights, len(page.text)):
        yield page.text[at : mark.start]
        yield _mark(page.text[mark.start : mark.end], mark.weight, strongest)
        at = mark.end
    yield page.text[at:]


def _sound(marks: Sequence[Highlight], length: int) -> Iterator[Highlight]:
    at = 0
    for mark in sorted(marks, key=lambda mark: mark.start):
        if at <= mark.start < mark.end <= length:
            yield mark
            at = mark.end


def _mark(text: str, weight: float, strongest: float) -> Html:
    side = "machine" if weight > 0 else "human"
    strength = min(int(_STRENGTHS * abs(weight) / strongest) + 1, _STRENGTHS) if strongest else 1
    return element("mark", text, class_=f"{side} s{strength}", title=f"{_signed(weight)} nats, towards {side}")


def strongest_phrases(page: ReaderPage) -> Html:
    """The strongest marks as a list, for who cannot see marks."""
    marks = sorted(_sound(page.highlights, len(page.text)), key=lambda mark: -abs(mark.weight))
    if not marks:
        return Html("")
    machine = [mark for mark in marks if mark.weight > 0][:_LISTED]
    human = [mark for mark in marks if mark.weight <= 0][:_LISTED]
    lists = (_list(page, "Towards machine", machine), _list(page, "Towards human", human))
    return element("details", element("summary", "Strongest phrases as a list"), *lists, class_="more")


def _list(page: ReaderPage, heading: str, marks: Sequence[Highlight]) -> Html:
    items = (element("li", element("bdi", cut(_phrase(page, m), 80)), f" {_signed(m.weight)}") for m in marks)
    return element("div", element("p", heading, class_="note"), element("ul", *items)) if marks else Html("")


def _phrase(page: ReaderPage, mark: Highlight) -> str:
    return " ".join(page.text[mark.start : mark.end].split())


def _signed(weight: float) -> str:
    return ("+" if weight > 0 else "") + decimal(weight, 2)
