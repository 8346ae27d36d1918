"""What trafilatura does to a page before it is parsed, for less."""

from __future__ import annotations

from trafilatura.utils import repair_faulty_html

_NO_XML = bytes(sorted({*range(32)} - {*b"\t\n\r"}))
_FIRST_CHARS = 4096  # in which it looks for what it repairs


def repaired(html: str) -> bytes:
    """What trafilatura's repair_faulty_html makes of a page, in UTF-8, and in a quarter of its time.

    It takes out what XML has no place for, all the page long; else it looks at the first tag, at the first 4096
    characters of what is left, and for a line break.
    """
    source = html.encode("utf-8")
    clean = len(source.translate(None, _NO_XML)) == len(source) and "\ufffe" not in html and "\uffff" not in html
    if not clean or not 0 <= html.find(">") < _FIRST_CHARS < len(html):
        return repair_faulty_html(html, html[:50].lower()).encode("utf-8")
    head = html[: 2 * _FIRST_CHARS]
    better, end = repair_faulty_html(head, head[:50].lower()), b""
    if better == head:
        return source
    if "\n" not in head and better.endswith("\n"):  # a first line is ended, which is longer than this
        better, end = better[:-1], b"" if "\n" in html else b"\n"
    return better.encode("utf-8") + source[len(head.encode("utf-8")) :] + end
