"""Articles as the HTML of a site: navigation, article, footer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from examples.prose import Article, Block

META = '<meta name="ai-disclosure" content="ai-generated">'
"""The page-level declaration of https://github.com/WICG/proposals/issues/261; values: none, ai-assisted, ai-generated,
autonomous."""

_INLINE = ((re.compile(r"``([^`]+)``|`([^`]+)`"), "code"), (re.compile(r"\*\*([^*\n]+)\*\*()"), "strong"))


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of a site have in common."""

    key: str  # first part of every path
    name: str
    footer: str


def page(site: Site, article: Article, links: Sequence[tuple[str, str]], head: str = "") -> str:
    """The whole document. `links` are (path, text) of the navigation; `head` is markup, inserted as it is."""
    items = "".join(f'<li><a href="{escape(path)}">{escape(text)}</a></li>' for path, text in links)
    title, name = escape(article.title), escape(site.name)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title} | {name}</title>\n{head}'
        f'</head>\n<body>\n<header><a href="/{site.key}/">{name}</a></header>\n<nav><ul>{items}</ul></nav>\n'
        f"<main>\n<article>\n<h1>{title}</h1>\n{_body(article.blocks)}</article>\n</main>\n"
        f"<footer><p>{escape(site.footer)}</p></footer>\n</body>\n</html>\n"
    )


def _body(blocks: Sequence[Block]) -> str:
    parts: list[str] = []
    for kind, run in groupby(blocks, key=lambda block: block.kind):
        rendered = [_element(block) for block in run]
        parts += ["<ul>\n", *rendered, "</ul>\n"] if kind == "item" else rendered
    return "".join(parts)


def _element(block: Block) -> str:
    match block.kind:
        case "heading":
            return f"<h{max(block.level, 2)}>{_inline(block.text)}</h{max(block.level, 2)}>\n"
        case "paragraph":
            return f"<p>{_inline(block.text)}</p>\n"
        case "item":
            return f"<li>{_inline(block.text)}</li>\n"
        case "code":
            return f"<pre><code>{escape(block.text)}</code></pre>\n"


def _inline(text: str) -> str:
    """Escaped text with the marks of reStructuredText and Markdown for code and strong emphasis turned to elements."""
    text = escape(text, quote=False)
    for pattern, tag in _INLINE:
        text = pattern.sub(lambda found, tag=tag: f"<{tag}>{found[1] or found[2]}</{tag}>", text)  # type: ignore[misc]
    return text
