"""The reader: some pages with their whole text. All are in the page; the script shows one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.report.html.element import Content, Html, element, join
from transforms.report.html.extremes import evidence
from transforms.report.html.marked import marked, strongest_phrases
from transforms.report.html.numbers import count, decimal, several
from transforms.report.html.section import Section, prose
from transforms.report.html.source import address, language_tag, name, title
from transforms.report.html.visible import cut
from transforms.report.story import ReaderPage


def reader(pages: Sequence[ReaderPage]) -> Section:
    """A list of pages and their texts."""
    if not pages:
        return Section("reader", "Reader", (prose("No pages were taken into this report."),))
    explained = prose(
        "Some pages, to judge for yourself. Marks show how the detector came to its number, not how the text came to "
        "be: people write such phrases, too. The strength of a mark compares phrases of the same page only."
    )
    entries = element(
        "ol",
        *(element("li", _entry(page, place)) for page, place in zip(pages, places(pages), strict=True)),
        class_="entries",
    )
    listing = element("nav", entries, class_="listing", aria_label="Pages to read")
    texts = element("div", *map(_article, pages, places(pages)), class_="articles")
    body = element("div", listing, texts, class_="reading", data_reader=True)
    return Section("reader", "Reader", (explained, _legend(), body))


def places(pages: Sequence[ReaderPage]) -> list[str]:
    """The name of each page's element: its place in the list, since ids come from files and may occur twice."""
    return [f"page-{i}" for i in range(1, len(pages) + 1)]


def _legend() -> Html:
    items = (
        element("span", element("mark", "solid underline", class_="machine s3"), " towards machine"),
        element("span", element("mark", "dotted underline", class_="human s3"), " towards human"),
        element("span", "stronger colour, stronger influence"),
        element("span", element("kbd", "j"), " ", element("kbd", "k"), " or arrows: next, previous", class_="scripted"),
    )
    return element("p", *items, class_="legend")


def _entry(page: ReaderPage, place: str) -> Html:
    line = page.line
    return element(
        "a",
        element("span", title(line), class_="what"),
        element("span", _facts(page), class_="note"),
        href=f"#{place}",
        data_language=cut(line.language, 12),
        data_kind=cut(page.why_here, 40),
    )


def _facts(page: ReaderPage) -> Html:
    line = page.line
    human = "no opinion" if line.human_probability is None else f"p(human) {decimal(line.human_probability)}"
    return join((name(line.language), f" · {human} · {cut(page.why_here, 40)}"))


def _article(page: ReaderPage, place: str) -> Html:
    line = page.line
    text = element("div", *marked(page), class_="text", lang=language_tag(line.language), dir="auto")
    cut_off = element("p", "The text goes on; the report holds its beginning.", class_="note") if page.cut else None
    unmarked = element("p", "Nothing in this text is marked.", class_="note") if not page.highlights else None
    head = element("h3", title(line), id=f"{place}-title", tabindex=-1)
    url = element("p", address(line.url), class_="source")
    body = (head, url, _details(page), unmarked, text, cut_off, strongest_phrases(page))
    return element("article", *body, id=place, aria_labelledby=f"{place}-title")


def _details(page: ReaderPage) -> Html:
    line = page.line
    rows: list[tuple[str, Content]] = [
        ("p(human)", decimal(line.human_probability)),
        ("Weight", decimal(line.human_weight)),
        ("Score", decimal(line.detector_score, 2)),
        ("Quality", decimal(page.quality, 2)),
        ("Tokens", count(line.tokens)),
        ("Fetched", page.date[:10] or "undated"),
        ("Copies", several(page.duplicate_count, "page")),
    ]
    tags = [*(("Rule broken", rule) for rule in page.rules_failed), *(("Rights", right) for right in page.rights)]
    extra = join(element("span", f"{what}: {cut(value, 60)}", class_="tag") for what, value in tags)
    facts = element("dl", *(element("div", element("dt", k), element("dd", v)) for k, v in rows), class_="details")
    return join((facts, element("p", evidence(line), extra, class_="tags") if tags or line.evidence else None))
