"""The prose of a manual page in the `man` and `mdoc` macros: no headings, no tags of options, no code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from training.markup import decode

_BREAKS = re.compile(r"\.(?:S[HhSs]|[PLITHD]?P|Pp|sp|br|R[SE]|It|Bl|El|TH|Dd|TQ)$")
_FONTS = re.compile(r"\.(?:B|I|SM|SB|BR|RB|BI|IB|IR|RI)$")
_MARKED = re.compile(r"\.(?:Em|Sy|Ql|Dq|Sq|Pa|Nm|Xr|Ar|Fl|Cm|Ev|Li|Bx|Ux|An|Qq|Pq|Va|Tn|Ic)$")
_CODE = {".nf": ".fi", ".EX": ".EE", ".TS": ".TE", ".EQ": ".EN", ".de": "..", ".ig": "..", ".Bd": ".Ed"}
_WORDS = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_CHARACTERS = {
    "em": "—", "en": "–", "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "aq": "'", "dq": '"', "bu": "•", "hy": "-",
    "co": "©", "rg": "®", "ti": "~", "ha": "^", "rs": "\\", "Fo": "«", "Fc": "»", "ss": "ß", "at": "@", "sh": "#",
}  # fmt: skip
_ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", ":": "\u0308", "~": "\u0303", ",": "\u0327"}
_ESCAPE = re.compile(
    r"\\(?:f(?:\(..|\[[^\]]*\]|.)|s[-+]?\d{1,2}|\*(?:\(..|\[[^\]]*\]|.)|\((?P<two>..)|\[(?P<long>[^\]]*)\]"
    r"|[hvwz]'[^']*'|\".*|(?P<one>.))"
)


def manual_paragraphs(data: bytes) -> Iterator[str]:
    """The paragraphs of a manual page; what is tabular or kept in lines is left out."""
    parts: list[str] = []
    until, tag = "", False
    for line in decode(data).splitlines():
        request, _, rest = line.partition(" ")
        if until:
            until = "" if request == until else until
        elif request in _CODE or _BREAKS.match(request) or not line.strip():
            yield " ".join(parts)
            parts, until, tag = [], _CODE.get(request, ""), request == ".TP"
        elif tag:
            tag = False
        else:
            parts += filter(None, (_line(line, request, rest),))
    yield " ".join(parts)


def _line(line: str, request: str, rest: str) -> str:
    """The text of a line of text or of a request for a font; "" for any other request."""
    if not line.startswith((".", "'")):
        return unescape(line)
    words = [unescape(quoted.replace('""', '"') or bare) for quoted, bare in _WORDS.findall(rest)]
    if _FONTS.match(request):
        return ("" if len(request) == 3 and request not in (".SM", ".SB") else " ").join(words)
    if _MARKED.match(request):
        text = " ".join(words)
        return re.sub(r" (?=[.,;:)]$)", "", f'"{text}"' if request in (".Dq", ".Qq") else text)
    return ""


def unescape(text: str) -> str:
    r"""A line without the escapes of roff.

    >>> unescape(r"\fBsl\fR \- cure your bad habit\(emreally")
    'sl - cure your bad habit—really'
    """
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    name = match["two"] or match["long"]
    if name:
        code = re.fullmatch(r"u([0-9A-F]{4,5})", name)
        accented = _ACCENTS.get(name[0]) if len(name) == 2 else None
        return chr(int(code[1], 16)) if code else _CHARACTERS.get(name, name[1] + accented if accented else "")
    one = match["one"] or ""
    return {"-": "-", "e": "\\", " ": " ", "~": " ", "'": "´", "`": "`", "0": " ", "\\": "\\"}.get(one, "")
