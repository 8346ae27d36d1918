"""The most human and the most machine-like pages, where a detector shows what it takes for what."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.report.html.element import Content, Html, element, join
from transforms.report.html.numbers import count, decimal
from transforms.report.html.section import Section, prose
from transforms.report.html.source import address, name, title
from transforms.report.html.table import Cell, Head, Table
from transforms.report.html.visible import cut
from transforms.report.story import PageLine, Story

_HEADS = (
    Head("Page", "its title and address as it gives them: text, not links, since crawled pages may be hostile", False),
    Head("Language", "ISO 639 code", False),
    Head("Tokens", "words and punctuation marks"),
    Head("p(human)", "human_probability, 0–1, higher is more human"),
    Head("Weight", "human_weight; 1 leaves the page as it is"),
    Head("Score", "detector_score: log-odds that a machine wrote it, before calibration; higher is more machine"),
    Head("Evidence", "signs beside the score", False),
)


def extremes(story: Story, readable: Mapping[str, str]) -> Section:
    """Both ends. `readable`: by the id of a page, its element in the reader."""
    explained = prose(
        "If human pages stand among the machine-like ones, the detector is wrong about this "
        "corpus in a way its numbers do not say."
    )
    machine = _table("machine", "Most machine-like pages", story.most_machine, readable)
    human = _table("human", "Most human pages", story.most_human, readable)
    return Section("extremes", "Both ends of the scale", (explained, machine, human))


def _table(key: str, caption: str, lines: tuple[PageLine, ...], readable: Mapping[str, str]) -> Html:
    if not lines:
        return prose(f"{caption}: none were judged.")
    return Table(f"most-{key}", caption, _HEADS, tuple(_row(line, readable.get(line.id)) for line in lines)).html()


def _row(line: PageLine, place: str | None) -> tuple[Cell, ...]:
    return (
        Cell(_page(line, place)),
        Cell(element("code", name(line.language))),
        Cell(count(line.tokens), line.tokens),
        Cell(decimal(line.human_probability), line.human_probability),
        Cell(decimal(line.human_weight), line.human_weight),
        Cell(decimal(line.detector_score, 2), line.detector_score),
        Cell(evidence(line)),
    )


def _page(line: PageLine, place: str | None) -> Html:
    read: Content = element("a", "read", href=f"#{place}", class_="read") if place else None
    return element("span", title(line), " ", read, element("br"), address(line.url), class_="page")


def evidence(line: PageLine) -> Html:
    """The evidence of a page: a tag for its kind, and the detail."""
    return join(
        element("span", element("span", cut(kind, 40), class_="tag"), element("bdi", cut(detail, 80)), class_="sign")
        for kind, detail in line.evidence[:5]
    )
