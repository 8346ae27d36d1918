"""What the child answers: an extraction, or why there is none. Packed by the child, read by a parent that trusts none
of it, for the child has parsed hostile input and may be in its hands."""

from __future__ import annotations

from transforms.extract import frames
from transforms.extract.jsonld import JsonObject, JsonValue
from transforms.records import Declaration, Extraction
from transforms.rejection import Reason, Rejection

# UTF-8. War and Peace has 3.2 MB, and Common Crawl cuts pages at 5 MiB. What a worker does with a text that is made to
# be slow takes it up to 0.3 s and 80 MiB for each MiB (`python -m benchmarks.texts`), and nobody can interrupt it.
MAX_TEXT_BYTES = 4 << 20
# Everything else: a title of 500 characters and at most MOST declarations of 200, each of at most 12 bytes as JSON.
MAX_HEADER_BYTES = 1 << 20


def pack(extraction: Extraction | None, *, cpu_seconds: float, most: int = MAX_TEXT_BYTES) -> bytes:
    """The message that brings an extraction, if its text has at most `most` bytes; None is a page without main text."""
    if extraction is None:
        return frames.pack({"cpu_seconds": cpu_seconds})
    text = extraction.text.encode("utf-8")
    if len(text) > most:
        return frames.pack({"cpu_seconds": cpu_seconds, "long": len(text)})
    return frames.pack({"cpu_seconds": cpu_seconds, "extraction": _as_json(extraction)}, text)


def pack_error(error: Exception, *, cpu_seconds: float) -> bytes:
    """The message of a failure; its type alone, for what it says may quote the page."""
    return frames.pack({"cpu_seconds": cpu_seconds, "error": type(error).__name__})


def outcome(header: JsonObject, text: bytes) -> Extraction | Rejection:
    """What a message says of the page. Raises ValueError if it is none of the above."""
    if "error" in header:
        return Rejection(Reason.EXTRACTION_ERROR, _string(header["error"])[:100])
    if "long" in header:
        size = header["long"]
        if not isinstance(size, int) or size.bit_length() > 63:  # what nests deeply could be parsed, and not shown
            raise ValueError("expected a number of bytes in the reply")
        return Rejection(Reason.LONG_TEXT, f"a main text of {size} bytes, more than extract.max_text_bytes")
    extraction = header.get("extraction")
    return Rejection(Reason.NO_TEXT, "no main text") if extraction is None else _extraction(extraction, text)


def cpu_seconds(header: JsonObject, *, least: float, most: float) -> float:
    """The CPU seconds a child says it has used so far. Raises ValueError if they are none from `least` to `most`."""
    seconds = header.get("cpu_seconds")
    if not isinstance(seconds, float) or not least <= seconds <= most:
        raise ValueError("the reply does not say how long it took")
    return seconds


def _as_json(extraction: Extraction) -> JsonObject:
    return {
        "title": extraction.title,
        "extractor": extraction.extractor,
        "charset": extraction.charset,
        "published": extraction.published,
        "published_source": extraction.published_source,
        "declarations": [[declared.kind, declared.detail] for declared in extraction.declarations],
        "rights": list(extraction.rights),
    }


def _extraction(values: JsonValue, text: bytes) -> Extraction:
    if not isinstance(values, dict):
        raise ValueError("the reply holds no extraction")
    pairs = [_strings(pair) for pair in _list(values.get("declarations"))]
    return Extraction(
        text=text.decode("utf-8"),
        title=_string(values.get("title")),
        extractor=_string(values.get("extractor")),
        charset=_string(values.get("charset")),
        published=_string(values.get("published")),
        published_source=_string(values.get("published_source")),
        declarations=tuple(Declaration(kind, detail) for kind, detail in pairs),
        rights=_strings(values.get("rights")),
    )


def _list(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise ValueError("expected a list in the reply")
    return value


def _strings(value: JsonValue) -> tuple[str, ...]:
    return tuple(_string(item) for item in _list(value))


def _string(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise ValueError("expected a string in the reply")
    value.encode("utf-8")  # raises for a lone surrogate, which JSON can spell and no column of Parquet can hold
    return value
