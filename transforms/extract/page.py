"""One page, from bytes to everything the extract stage knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from transforms.extract import html, jsonld
from transforms.extract.charset import decode
from transforms.extract.dates import published
from transforms.extract.declared import Sources, declarations
from transforms.extract.licences import licences
from transforms.extract.rights import rights
from transforms.records import Declaration, Extraction


@dataclass(frozen=True, slots=True)
class Request:
    """What the extractor is told of a page beside its body."""

    url: str
    headers: tuple[tuple[str, str], ...]  # names in lower case
    charset: str  # of Content-Type, "" if none
    fetched: str  # "YYYY-MM-DD", "" if unknown


def extract_page(body: bytes, request: Request, *, mode: str) -> Extraction | None:
    """Text, title, date, declarations and rights of a page; None if it has no main text.

    `mode` is one of those html.main_text names.
    """
    source, charset = decode(body, http_charset=request.charset)
    tree = html.parse(source)
    if tree is None:
        return None
    named, blocks = html.metas(tree), jsonld.blocks(tree)
    day, origin = published(
        tree, url=request.url, headers=request.headers, metas=named, json=blocks, fetched=_latest(request.fetched)
    )
    declared = declarations(Sources(tree=tree, html=source, headers=request.headers, metas=named, json=blocks))
    licensed = licences(source, tree, headers=request.headers, metas=named, json=blocks)
    title = html.title(tree, named)
    text, extractor = html.main_text(source, tree, url=request.url, mode=mode)  # the last, for it uses up the tree
    if not text:
        return None
    return Extraction(
        text=text,
        title=title,
        extractor=extractor,
        charset=charset,
        published=day,
        published_source=origin,
        declarations=tuple(Declaration(d.kind, html.line(d.detail, limit=200)) for d in declared),
        rights=(*rights(request.headers, named), *licensed),
    )


def _latest(fetched: str) -> date:
    """The day after which a page cannot have been published: its fetch or, if that is unknown, the end of time.

    Not today: the same archive must give the same rows tomorrow.
    """
    try:
        return date.fromisoformat(fetched)
    except ValueError:
        return date(date.max.year - 1, 12, 31)
