"""Plots: their data beside them in the page, drawn by its script; the words for who cannot see them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite

from transforms.report.html.element import Content, Html, element
from transforms.report.html.visible import visible

Value = Mapping[str, str | float | int | None]
"""One row of the data of a plot, by the name of its columns."""

Values = Sequence[Value]

_ESCAPED = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def figure(kind: str, name: str, caption: Content, told: str, values: Values, **options: str | float | None) -> Html:
    """A plot of `assets/plots.js`: `kind` says which. `told` is what a screen reader says in its place; the same
    numbers stand in a table near by. Without rows there is no plot.
    """
    if not values:
        return Html("")
    data = {"values": values, **options}
    canvas = element("div", class_="canvas", data_plot=kind, role="img", aria_label=told)
    return element("figure", element("figcaption", caption), canvas, json_block(data), class_="plot", id=name)


def json_block(data: object) -> Html:
    """Data for the page's script. No character in it can end the element or begin a comment; lone surrogates are
    replaced.

    >>> json_block({"a": "</script>"}).markup
    '<script type="application/json">{"a":"\\\\u003c/script\\\\u003e"}</script>'
    """
    text = json.dumps(_visible(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Html(f'<script type="application/json">{text.translate(_ESCAPED)}</script>')


def _visible(data: object) -> object:
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, float):
        return data if isfinite(data) else None  # JSON knows no others
    if isinstance(data, Mapping):
        return {key: _visible(value) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_visible(value) for value in data]
    return data
