"""A section of the report and what sections are made of."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report.html.element import Content, Html, element


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading; the contents of the page list them all."""

    name: str  # of its element, unique in the page
    title: str
    body: tuple[Content, ...]

    def html(self) -> Html:
        """The section as a landmark named by its heading."""
        heading = element("h2", self.title, id=f"{self.name}-title")
        return element("section", heading, *self.body, id=self.name, aria_labelledby=f"{self.name}-title")


def prose(*children: Content) -> Html:
    """A paragraph of explanation."""
    return element("p", *children, class_="prose")


def bar(share: float | None, kind: str = "") -> Html:
    """A share of 0–1 as a bar, an ornament beside its number."""
    if share is None:
        return Html("")
    filled = element("rect", width=f"{100 * min(max(share, 0.0), 1.0):.2f}", height=6)
    return element(
        "svg", filled, class_=f"bar {kind}".strip(), viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true"
    )
