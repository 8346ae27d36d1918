"""One page, from bytes to everything the extract stage knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from transforms.extract import jsonld
from transforms.extract.charset import decode
from transforms.extract.dates import published
from transforms.extract.declared import Sources, declarations
from transforms.extract.licences import licences
from transforms.extract.markup import Markup
from transforms.extract.plain import line
from transforms.extract.rights import rights
from transforms.records import Declaration, Extraction

_MAX_TITLE = 500


@dataclass(frozen=True, slots=True)
class Request:
    """What the extractor is told of a page beside its body."""

    url: str
    headers: tuple[tuple[str, str], ...]  # names in lower case
    charset: str  # of Content-Type, "" if none
    fetched: str  # "YYYY-MM-DD", "" if unknown


@cache
def parser_of(mode: str) -> Callable[[str], Markup | None]:
    """What parses the source of a page in a mode; None is for a document that is no page: a feed, or no markup at all.

    A page is parsed once, by the parser that the mode's text is found with. Its libraries are loaded by the first call:
    resiliparse alone is there at once, lxml and trafilatura after 0.2 s.
    """
    if mode == "resiliparse":
        from transforms.extract import lexbor

        return lexbor.parse
    from transforms.extract import libxml

    return libxml.parse


def extract_page(body: bytes, request: Request, *, mode: str) -> Extraction | None:
    """Text, title, date, declarations and rights of a page; None if it has no main text.

    `mode` is "resiliparse", its main-content heuristic alone, or one of those html.main_text names.
    """
    source, charset = decode(body, http_charset=request.charset)
    markup = parser_of(mode)(source)
    if markup is None:
        return None
    named, blocks = markup.metas(), jsonld.blocks(markup)
    day, origin = published(
        markup, url=request.url, headers=request.headers, metas=named, json=blocks, fetched=_latest(request.fetched)
    )
    declared = declarations(Sources(markup=markup, html=source, headers=request.headers, metas=named, json=blocks))
    licensed = licences(markup, headers=request.headers, metas=named, json=blocks)
    title = _title(markup, named)
    text, extractor = markup.main_text(url=request.url, mode=mode)  # the last, for it uses up the tree
    if not text:
        return None
    return Extraction(
        text=text,
        title=title,
        extractor=extractor,
        charset=charset,
        published=day,
        published_source=origin,
        declarations=tuple(Declaration(d.kind, line(d.detail, limit=200)) for d in declared),
        rights=(*rights(request.headers, named), *licensed),
    )


def _title(markup: Markup, named: tuple[tuple[str, str], ...]) -> str:
    """The page's own title on one line, at most 500 characters: og:title (it leaves out the site), else `<title>`."""
    claimed = next((content for name, content in named if name == "og:title"), None)
    return line(claimed or markup.title(), limit=_MAX_TITLE)


def _latest(fetched: str) -> date:
    """The day after which a page cannot have been published: its fetch or, if that is unknown, the end of time.

    Not today: the same archive must give the same rows tomorrow.
    """
    try:
        return date.fromisoformat(fetched)
    except ValueError:
        return date(date.max.year - 1, 12, 31)
