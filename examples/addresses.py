"""Every address of the example web: what it serves, and what kind of page that is."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from examples.edits import HEAVY, LIGHT, edited, jaccard
from examples.markup import META, Site, page
from examples.prose import Article

KINDS: dict[str, str] = {
    "original": "text from Python's own documentation",
    "copy": "the same article on another site, in another frame",
    "edited": "an original with a few words exchanged: a near-duplicate",
    "rewritten": "an original with many words exchanged: too different to be merged",
    "declared-machine": "a page of this project's docs, written by a machine and declared so",
    "redirect": "301 to an original",
    "missing": "404",
    "robots": "robots.txt",
    "text": "plain text",
    "image": "a PNG",
    "revisit": "an original fetched again, unchanged, recorded as a revisit",
}

REFERENCE = Site("reference", "Language reference", "From the Python language reference. © Python Software Foundation.")
LIBRARY = Site("library", "Standard library", "From the sources of Python. © Python Software Foundation.")
MIRROR = Site("mirror", "Reading room", "Pages collected elsewhere, shown for reading offline.")
OWN = Site("firsthand", "firsthand", "These pages were written by a machine.")
SITES = (REFERENCE, LIBRARY, MIRROR, OWN)
"""Each has its own loopback address where the system has several."""

AI_DISCLOSURE = ("AI-Disclosure", "mode=ai-originated")
"""Of draft-abaris-aicdh; modes: none, ai-modified, ai-originated, machine-generated."""

JSON_LD = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "TechArticle", '
    '"digitalSourceType": "https://schema.org/TrainedAlgorithmicMediaDigitalSource"}</script>\n'
)

_VARIED_WORDS = 150  # shorter originals are not varied: one exchanged word would already make them another text
_HTML = ("Content-Type", "text/html; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Response:
    """What the server answers; the coding and the framing are applied when it is sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    gzip: bool = False
    chunked: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """One address, in the order of the crawl."""

    site: Site
    path: str
    kind: str  # one of KINDS
    of: str  # path of the page it repeats or leads to, "" if none
    similarity: float | None  # Jaccard of the word 5-grams of the two articles, None where it has no meaning
    response: Response


def plan(reference: Sequence[Article], library: Sequence[Article], own: Sequence[Article]) -> list[Address]:
    """All addresses in the order in which they are fetched: pages, variants of some, own pages, other things."""
    originals = [*_pages(REFERENCE, reference), *_pages(LIBRARY, library)]
    articles = {address.path: article for address, article in originals}
    addresses = [address for address, _ in originals]
    found = [*addresses, *_variants(articles), *_own(own), *_others(addresses)]
    return [_framed(address, number) for number, address in enumerate(found)] + _revisits(addresses)


def _pages(site: Site, articles: Sequence[Article]) -> Iterator[tuple[Address, Article]]:
    for i, article in enumerate(articles):
        neighbours = [*articles[max(i - 3, 0) : i], *articles[i + 1 : i + 4]]
        links = [(_path(site, other), other.name) for other in neighbours]
        response = Response(200, (_HTML,), page(site, article, links).encode())
        yield Address(site, _path(site, article), "original", "", None, response), article


def _variants(articles: dict[str, Article]) -> Iterator[Address]:
    """Copies of every ninth original, near-duplicates of every ninth, rewritten pages of every 27th: all different."""
    long_ones = [(path, article) for path, article in articles.items() if article.words >= _VARIED_WORDS]
    for i, (path, article) in enumerate(long_ones):
        if i % 9 == 2:
            yield _variant("copy", path, article, article)
        elif i % 9 == 5:
            yield _variant("edited", path, article, edited(article, LIGHT))
        elif i % 27 == 8:
            yield _variant("rewritten", path, article, edited(article, HEAVY))


def _variant(kind: str, path: str, original: Article, article: Article) -> Address:
    at = f"/{MIRROR.key}/{kind}{path}"
    response = Response(200, (_HTML,), page(MIRROR, article, [(f"/{MIRROR.key}/", "all pages")]).encode())
    return Address(MIRROR, at, kind, path, jaccard(original, article), response)


def _own(articles: Sequence[Article]) -> Iterator[Address]:
    """Own pages declare their origin in all the forms by turns: header and meta, header, meta, JSON-LD."""
    forms = (((AI_DISCLOSURE,), META + "\n"), ((AI_DISCLOSURE,), ""), ((), META + "\n"), ((), JSON_LD))
    for i, article in enumerate(articles):
        headers, head = forms[i % len(forms)]
        response = Response(200, (_HTML, *headers), page(OWN, article, [], head).encode())
        yield Address(OWN, _path(OWN, article), "declared-machine", "", None, response)


def _others(originals: Sequence[Address]) -> Iterator[Address]:
    robots = Response(200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow:\n")
    yield Address(REFERENCE, "/robots.txt", "robots", "", None, robots)
    first, *_, last = originals
    moved = Response(301, (("Location", first.path),), b"")
    yield Address(first.site, f"/{first.site.key}/moved.html", "redirect", first.path, None, moved)
    gone = page(LIBRARY, Article("missing", "Not found", ()), [(last.path, last.path)]).encode()
    yield Address(LIBRARY, f"/{LIBRARY.key}/missing.html", "missing", "", None, Response(404, (_HTML,), gone))
    text = Response(200, (("Content-Type", "text/plain; charset=utf-8"),), b"Open on every day but Monday.\n")
    yield Address(MIRROR, f"/{MIRROR.key}/hours.txt", "text", "", None, text)
    dot = Response(200, (("Content-Type", "image/png"),), _PNG)
    yield Address(MIRROR, f"/{MIRROR.key}/dot.png", "image", "", None, dot)


def _framed(address: Address, number: int) -> Address:
    """Every fourth answer comes gzipped, every fifth chunked, so that every combination occurs."""
    if not address.response.body:
        return address
    response = replace(address.response, gzip=number % 4 == 1, chunked=number % 5 == 1)
    return replace(address, response=response)


def _revisits(originals: Sequence[Address]) -> list[Address]:
    return [replace(address, kind="revisit", of=address.path) for address in originals[:: max(len(originals) // 4, 1)]]


def _path(site: Site, article: Article) -> str:
    return f"/{site.key}/{article.name}.html"


def _png() -> bytes:
    """One grey pixel."""
    size = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", size), (b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b""))
    framed = (struct.pack(">I", len(data)) + name + data + _checksum(name + data) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def _checksum(data: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(data))


_PNG = _png()
