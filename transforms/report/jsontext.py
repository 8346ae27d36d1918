"""JSON that may be shown on a terminal as it is."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import date, datetime, time
from decimal import Decimal


def to_json(value: object, *, indent: int | None = None) -> str:
    """A value as JSON: dataclasses by field, dates in ISO 8601, bytes in hex, no number for infinity and NaN.

    Letters of all scripts stay as they are. Whatever could act on a terminal or reorder a line (control characters,
    directional overrides, line separators) is written as an escape, which gives the same string once it is parsed.
    """
    text = json.dumps(_plain(value), indent=indent, ensure_ascii=False, allow_nan=False)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def to_linked(document: object) -> bytes:
    """A document of JSON-LD as the bytes of its file: it may be put into the script element of a web page as it is.

    >>> to_linked({"name": "</script>"})
    b'{\\n "name": "\\\\u003c/script\\\\u003e"\\n}\\n'
    """
    text = to_json(document, indent=1).translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&"})
    return f"{text}\n".encode()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, Decimal):
        if not value.is_finite():
            return None
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
