"""What a page says of itself, as text that is nothing but text: cut, isolated, never a link.

No address is a link: crawled pages may be hostile, and one careless click in a report of thousands would visit them.
"""

from __future__ import annotations

import re

from transforms.report.html.element import Html, element
from transforms.report.html.visible import cut
from transforms.report.story import PageLine

MOST_TITLE, MOST_URL, MOST_NAME = 160, 300, 100
"""Characters shown of a title, an address, a name."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")  # ISO 639; of anything else a screen reader would make nothing


def title(line: PageLine) -> Html:
    """The title of a page, or a word for none; set apart from the reading order around it."""
    if not line.title.strip():
        return element("span", "(no title)", class_="untitled")
    return element("bdi", cut(line.title, MOST_TITLE), lang=language_tag(line.language))


def address(url: str) -> Html:
    """An address as text, read from left to right."""
    return element("bdi", cut(url, MOST_URL) or "(no address)", dir="ltr", class_="address")


def name(text: str) -> Html:
    """A name out of the files."""
    return element("bdi", cut(text, MOST_NAME) or "(none)")


def language_tag(code: str) -> str | None:
    """A language for the attribute `lang`, None if the code is none."""
    return code if _LANGUAGE.fullmatch(code) and code != "und" else None
