"""Elements of a page. Text becomes markup nowhere else, and only escaped: what is not `Html` is text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from transforms.report.html.visible import visible

_VOID = {"br", "meta"}  # without an end tag, of those we use


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that goes into the page as it is."""

    markup: str


Content = str | int | Html | None
"""A child of an element: text, a number, markup, or nothing."""


def element(tag: str, *children: Content, **attributes: str | int | bool | None) -> Html:
    """An element. `class_` is written `class`, `aria_label` `aria-label`; False and None leave an attribute out.

    >>> element("a", "<b>", class_="x", data_n=3, hidden=True, title='"')
    Html(markup='<a class="x" data-n="3" hidden title="&quot;">&lt;b&gt;</a>')
    """
    opening = f"<{tag}{''.join(map(_attribute, attributes.items()))}>"
    if tag in _VOID:
        return Html(opening)
    return Html(f"{opening}{join(children).markup}</{tag}>")


def join(children: Iterable[Content]) -> Html:
    """These one after the other."""
    return Html("".join(map(_markup, children)))


def _markup(child: Content) -> str:
    if isinstance(child, Html):
        return child.markup
    return "" if child is None else escape(visible(str(child)))


def _attribute(pair: tuple[str, str | int | bool | None]) -> str:
    name, value = pair
    name = name.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(visible(str(value)))}"'
