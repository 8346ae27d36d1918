"""What kind of thing a body is: by what its headers say, and by its first bytes."""

from __future__ import annotations

import re

HTML = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
# Types that say nothing: WHATWG MIME Sniffing § 7 treats the first four as unknown, the rest are servers' defaults.
GENERIC = frozenset(
    {
        "",
        "unknown/unknown",
        "application/unknown",
        "*/*",
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-unknown-content-type",
        "application/force-download",
        "content/unknown",
        "none",
        "unknown",
    }
)
_SNIFFED = 1445  # bytes of a resource header, WHATWG MIME Sniffing § 5.2
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")  # "binary data byte", § 3
_BOMS = (b"\xef\xbb\xbf", b"\xfe\xff", b"\xff\xfe")
# § 7.1, the tags that make an unknown resource HTML; each must be followed by a space or ">".
_TAG = re.compile(
    rb"\s*<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|BODY|BR|P)[\s>]|\s*<!--",
    re.IGNORECASE,
)
_XHTML = re.compile(rb"\s*<\?xml\b.*?<html[\s>]", re.IGNORECASE | re.DOTALL)
# § 6, and the commonest others: whatever begins so is no HTML, whoever says it is.
_BINARY_FORMATS = (
    (b"%PDF-", "PDF"),
    (b"%!PS-Adobe-", "PostScript"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft's compound file"),
    (b"\x7fELF", "ELF"),
)
_PARAMETER = re.compile(r""";\s*charset\s*=\s*["']?([^\s"';,]{1,40})""", re.IGNORECASE)
_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z/-]{1,127}")


def media_type(content_type: str) -> str:
    """The media type in lower case without parameters; "" if there is none or it is malformed."""
    essence = re.split(r"[;,]", content_type, maxsplit=1)[0].strip().lower()
    return essence if _TYPE.fullmatch(essence) else ""


def charset(content_type: str) -> str:
    """The charset parameter in lower case, "" if there is none."""
    match = _PARAMETER.search(content_type)
    return match.group(1).lower() if match else ""


def declared_html(content_type: str, identified: str) -> bool | None:
    """Whether the server or the crawler says it is HTML; None if neither says anything, and the bytes must.

    `identified` is the crawler's own finding, "" if it made none: its absence says nothing (leaving such records out
    lost one tool 9 % of the HTML of a crawl). It confirms or corrects a server; but a crawler that finds plain text or
    XML in what the server calls HTML found an odd page, not another type.
    """
    if identified in HTML:
        return True
    found_other = identified not in GENERIC and not identified.startswith("text/") and not identified.endswith("xml")
    if content_type in HTML:
        return not found_other
    if content_type in GENERIC and identified in GENERIC:
        return None
    return False


def looks_like_html(body: bytes) -> bool:
    """Whether an unlabelled body is HTML by its first bytes (WHATWG MIME Sniffing § 7.1, and XHTML with a prolog)."""
    head = _head(body)
    return _TAG.match(head) is not None or _XHTML.match(head) is not None


def binary_format(body: bytes) -> str:
    """The name of the binary format that the body begins as, "" if it begins as none."""
    return next((name for magic, name in _BINARY_FORMATS if body.startswith(magic)), "")


def looks_like_text(body: bytes) -> bool:
    """Whether the first bytes could be text: a byte order mark, or none of the bytes that only binary data has."""
    return body.startswith(_BOMS) or _BINARY.search(body, 0, _SNIFFED) is None


def ends_like_html(body: bytes) -> bool:
    """Whether the end tag of the document was reached."""
    return b"</html" in body[-2048:].lower()


def _head(body: bytes) -> bytes:
    head = body[:_SNIFFED]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.replace(b"\x00", b"")[2:]
    return head.removeprefix(b"\xef\xbb\xbf")
