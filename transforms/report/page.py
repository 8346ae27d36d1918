"""report.html: the story of a corpus as one page that needs nothing else, neither network nor, to be read, scripts."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.report.html.assets import scripts, style
from transforms.report.html.cells import cells
from transforms.report.html.dates import dates
from transforms.report.html.distributions import distributions
from transforms.report.html.duplicates import duplicates
from transforms.report.html.element import Html, element, join
from transforms.report.html.extremes import extremes
from transforms.report.html.funnel import funnel
from transforms.report.html.hosts import hosts
from transforms.report.html.languages import languages
from transforms.report.html.overview import lead, notices, overview
from transforms.report.html.policy import policy
from transforms.report.html.provenance import provenance
from transforms.report.html.reader import places, reader
from transforms.report.html.section import Section
from transforms.report.html.signs import signs
from transforms.report.html.source import name
from transforms.report.html.visible import cut
from transforms.report.story import ReaderPage, Story


def report_html(story: Story, pages: Sequence[ReaderPage]) -> bytes:
    """The report as UTF-8. The same story and pages give the same bytes; whatever they say is shown, never run."""
    sections = _sections(story, pages)
    page = element("html", _head(story), _body(story, sections), lang="en")
    return f"<!DOCTYPE html>\n{page.markup}\n".encode()


def _sections(story: Story, pages: Sequence[ReaderPage]) -> tuple[Section, ...]:
    """In the order in which one who doubts would ask: how much, what was lost, how synthetic, how sure; the pages."""
    readable = {page.line.id: place for page, place in zip(reversed(pages), reversed(places(pages)), strict=True)}
    return (
        overview(story),
        funnel(story),
        languages(story),
        cells(story),
        distributions(story),
        hosts(story),
        duplicates(story),
        dates(story),
        signs(story),
        extremes(story, readable),
        reader(pages),
        provenance(story),
    )


def _head(story: Story) -> Html:
    rules = policy((source for _, source in scripts()), style())
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="generator", content="firsthand"),  # by which a run knows the file for one of its own
        element("meta", content=rules, **{"http-equiv": "Content-Security-Policy"}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{cut(_folder(story.output), 60)} – firsthand corpus report"),
        element("style", Html(style())),
    )


def _body(story: Story, sections: Sequence[Section]) -> Html:
    skip = element("a", "Skip to the figures", href="#overview", class_="skip")
    main = element("main", _masthead(story), notices(story), *(section.html() for section in sections), id="main")
    code = join(element("script", Html(source), type=kind) for kind, source in scripts())
    return element("body", skip, _contents(sections), main, code)


def _masthead(story: Story) -> Html:
    kicker = element("p", "Corpus report", class_="kicker")
    return element("header", kicker, element("h1", name(_folder(story.output))), lead(story), class_="masthead")


def _contents(sections: Sequence[Section]) -> Html:
    brand = element("p", "firsthand", class_="brand")
    links = (element("li", element("a", section.title, href=f"#{section.name}")) for section in sections)
    return element("nav", brand, element("ol", *links), aria_label="Contents", class_="contents")


def _folder(path: str) -> str:
    """The last part of a path or address; the path itself if it has none."""
    return path.rstrip("/").rpartition("/")[2] or path
