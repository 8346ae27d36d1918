"""The paragraphs of a file, by its form: HTML and DocBook, plain text, Perl's POD, manual pages, fortunes, strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from training.markup import decode, html_blocks, xml_blocks
from training.roff import manual_paragraphs

_FORM_OF_SUFFIX = (
    (re.compile(r"\.(?:x?html?|bz2)$"), "html"),  # KDE ships rendered handbooks as index.cache.bz2
    (re.compile(r"\.(?:docbook|page|xml)$"), "xml"),
    (re.compile(r"\.pod$"), "pod"),
    (
        re.compile(
            r"\.(?:png|gif|jpe?g|tiff?|bmp|svgz?|ico|xcf|pdf|e?ps|dvi|ttf|woff2?|wav|ogg|mp3|zip|xz|jar|mo|u8)$"
        ),
        "",
    ),
    (
        re.compile(
            r"\.(?:js|css|json|py|p[lm]|sh|[chrm]|cc|[ch]pp|java|tcl|el|scm|lisp|hs|lua|tex|texi|sty|mk|in|conf|cfg)$"
        ),
        "",
    ),
    (re.compile(r"\.(?:dat|db|inv|map|sgf)$"), ""),
)
_BULLET = re.compile(r"(?:[-*+•o]|\(?\d{1,3}[.)]|\[\d{1,3}\]|[A-Z]:)\s+")
_POD = re.compile(r"[A-Z]<((?:[^<>]|<[^<>]*>)*)>")
_STRING = re.compile(r'"((?:[^"\\]|\\.){30,4000})"|\[\[(.{30,4000}?)\]\]|`([^`]{30,4000})`', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# Ideographs, kana and full-width marks: a line broken between two of them had no space there.
_WIDE = r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_WIDE_GAP = re.compile(rf"(?<={_WIDE}) (?={_WIDE})")


def paragraphs(path: str, data: bytes, form: str = "") -> Iterator[str]:
    """The paragraphs of a file in order, each on one line; none if its form holds no prose.

    `form` is a key of `FORMS`; "" tells it from the path.
    """
    reader = FORMS.get(form or form_of(path))
    if reader is None or b"\0" in data[:1000]:
        return
    for paragraph in reader(data):
        line = _WIDE_GAP.sub("", " ".join(unicodedata.normalize("NFC", paragraph).split()))
        if line:
            yield line


def form_of(path: str) -> str:
    """The form that a path in a Debian package speaks of, "" for none with prose.

    >>> form_of("usr/share/doc/cowsay/README.gz"), form_of("usr/share/man/de/man6/sl.6.gz")
    ('plain', 'manual')
    """
    inner = path.removesuffix(".gz")
    if inner.startswith("usr/share/man/"):
        return "manual"
    form = next((form for suffix, form in _FORM_OF_SUFFIX if suffix.search(inner.lower())), "plain")
    return "fortunes" if form == "plain" and inner.startswith("usr/share/games/fortunes/") else form


def _plain(data: bytes) -> Iterator[str]:
    """Lines up to an empty one, a bullet, or a line indented further than the end of a sentence before it."""
    lines: list[str] = []
    indent = 0
    for line in decode(data).splitlines():
        text = line.strip()
        deeper = len(line) - len(line.lstrip())
        ended = bool(lines) and deeper > indent and lines[-1].endswith((".", "!", "?", ":", '"', "'"))
        if not text or _BULLET.match(text) or ended:
            yield " ".join(lines)
            lines = []
        if text:
            lines.append(text)
        indent = deeper
    yield " ".join(lines)


def _pod(data: bytes) -> Iterator[str]:
    """Paragraphs that are neither a command nor code, which is indented; marks of fonts and links are taken off."""
    for block in re.split(r"\n[ \t]*\n", decode(data)):
        text = block.strip("\n")
        if text and text[0] not in "= \t":
            yield _POD.sub(r"\1", _POD.sub(r"\1", text))


def _fortunes(data: bytes) -> Iterator[str]:
    """The cookies of a file, which a line with a percent sign separates."""
    yield from re.split(r"\n%[^\n]{0,3}(?:\n|$)", decode(data))


def _strings(data: bytes) -> Iterator[str]:
    """The long strings of a program or of a game's data, in order."""
    for match in _STRING.finditer(decode(data)):
        yield _ESCAPE.sub(lambda escape: " " if escape[1] in "ntr" else escape[1], match[1] or match[2] or match[3])


FORMS: dict[str, Callable[[bytes], Iterator[str]]] = {
    "html": html_blocks,
    "xml": xml_blocks,
    "plain": _plain,
    "pod": _pod,
    "manual": manual_paragraphs,
    "fortunes": _fortunes,
    "strings": _strings,
}
"""For each form, what reads its paragraphs from the bytes of a file."""
