"""Duplicates: what was merged, and the largest components with their pages."""

from __future__ import annotations

from transforms.report.html.element import Html, element
from transforms.report.html.numbers import count, several
from transforms.report.html.section import Section, prose
from transforms.report.html.source import address, title
from transforms.report.responsible import dropped_for
from transforms.report.story import Component, Story

_REASON = {"duplicate_exact": "the same text", "duplicate_near": "nearly the same text"}


def duplicates(story: Story) -> Section:
    """The largest components, each to be opened."""
    found = story.duplicates
    earlier = [prose(dropped_for(corpus)) for corpus in found.earlier]
    if not found.components:
        told = prose("No page repeats another: nothing was merged.")
        return Section("duplicates", "Duplicates", (*earlier, told))
    told = prose(
        f"{several(found.merged, 'page')} repeat another, exactly or nearly, and were merged into "
        f"{several(found.components, 'row')}. The copy seen first is kept, of several the one of best quality. "
        "The largest components:"
    )
    components = element("ul", *(element("li", _component(c)) for c in found.largest), class_="components")
    return Section("duplicates", "Duplicates", (*earlier, told, components))


def _component(found: Component) -> Html:
    summary = element(
        "summary",
        element("span", several(found.pages, "page"), class_="many"),
        element("span", title(found.kept), class_="what"),
    )
    others = [
        element("li", address(url), element("span", _REASON.get(reason, reason), class_="note"))
        for url, reason in found.others
    ]
    left = found.pages - 1 - len(found.others)
    more = element("li", f"and {count(left)} more", class_="note") if left > 0 else None
    kept = element("p", element("span", "kept", class_="tag kept"), " ", address(found.kept.url))
    return element("details", summary, kept, element("ul", *others, more))
