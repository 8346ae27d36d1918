"""Which records a key names: an id, the beginning of one, a WARC record id, a URL. Narrow columns only, no text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.why.story import Capture
from transforms.errors import InputError, UsageError
from transforms.host import host
from transforms.report.folder import Folder
from transforms.report.tables import Tables, open_tables
from transforms.terminal import clean
from transforms.write.rows import page_id

MOST_CAPTURES = 1000
_SUGGESTIONS = 5
_BATCH = 65_536  # rows

_ID = re.compile(r"[0-9A-Fa-f]{1,32}")
_LEAST_DIGITS = 8  # 32 bits: two pages of a crawl of 10,000 share them once in 90 crawls
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_KEPT = "SELECT id, url, warc_file, record_offset, record_id, date FROM corpus WHERE"
_REJECTED = """SELECT target_uri, warc_file, record_offset, record_id, stage, reason, detail, record_type
    FROM rejections WHERE"""
# A URL as people remember it: no scheme, no fragment, no slash at the end, in one case.
_LOOSE = "rtrim(regexp_replace(regexp_replace(lower({}), '^[a-z][a-z0-9+.-]*://', ''), '#.*$', ''), '/')"
_NEAR = """SELECT DISTINCT url, jaro_winkler_similarity(url, ?) AS likeness
    FROM (SELECT url FROM corpus UNION ALL SELECT target_uri AS url FROM rejections)
    WHERE (regexp_extract(lower(url), '^[a-z][a-z0-9+.-]*://([^/?#]*@)?([^/?#:]*)', 2) = ? AND ? <> '')
        OR (rtrim(regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^?#]*)', 1), '/') = ? AND ? <> '/')
    ORDER BY likeness DESC, url LIMIT ?"""


def find_captures(folder: Folder, key: str) -> list[Capture]:
    """The records that a key names, rows of the corpus first, then by date and id; at most `MOST_CAPTURES` of each.

    Raises:
        UsageError: it names nothing for certain.
        InputError: there is none. The message names pages that come near.
    """
    if not key.strip():
        raise UsageError("--why is empty: name a page by its id, its URL or its WARC-Record-ID")
    with open_tables(folder) as tables:
        found = list(_find(tables, key.strip()))
        if not found:
            raise InputError(_nothing(tables, folder, key.strip()))
    return sorted(found, key=lambda each: (each.reason != "", each.date, each.id))


def _find(tables: Tables, key: str) -> Iterator[Capture]:
    if _ID.fullmatch(key):
        if len(key) < _LEAST_DIGITS:
            raise UsageError(f"--why {key}: the beginning of an id needs at least {_LEAST_DIGITS} digits")
        yield from _by_id(tables, key.lower())
    elif _UUID.fullmatch(key) or "urn:" in key[:5]:
        yield from _by(tables, "record_id = ?", "record_id = ?", _record_id(key))
    else:
        exact = list(_by(tables, "url = ?", "target_uri = ?", key))
        loose = f"{_LOOSE.format('?')} = "
        yield from exact or _by(tables, loose + _LOOSE.format("url"), loose + _LOOSE.format("target_uri"), key)


def _record_id(key: str) -> str:
    return f"<{key if 'urn:' in key else f'urn:uuid:{key.lower()}'}>" if not key.startswith("<") else key


def _by(tables: Tables, kept: str, rejected: str, value: str) -> Iterator[Capture]:
    for row in tables.rows(f"{_KEPT} {kept} ORDER BY date, id LIMIT {MOST_CAPTURES}", [value]):
        yield _kept(row)
    for row in tables.rows(f"{_REJECTED} {rejected} ORDER BY ALL LIMIT {MOST_CAPTURES}", [value]):
        yield _rejected(row)


def _by_id(tables: Tables, begin: str) -> Iterator[Capture]:
    kept = tables.rows(f"{_KEPT} starts_with(id, ?) ORDER BY id LIMIT {MOST_CAPTURES}", [begin])
    yield from map(_kept, kept)
    if not (kept and len(begin) == 32):  # rejections have no id: it is made from what they have
        for row in _rows_with_id(tables, begin):
            yield _rejected(row)


def _rows_with_id(tables: Tables, begin: str) -> Iterator[tuple[object, ...]]:
    places = tables.connection.execute("SELECT warc_file, record_offset FROM rejections")
    found: set[tuple[str, int]] = set()
    while batch := places.fetchmany(_BATCH):
        found.update((name, offset) for name, offset in batch if page_id(name, offset).startswith(begin))
    for name, offset in sorted(found)[:MOST_CAPTURES]:
        yield from tables.rows(f"{_REJECTED} warc_file = ? AND record_offset = ? ORDER BY ALL", [name, offset])


def _kept(row: tuple[object, ...]) -> Capture:
    return Capture(*row)  # type: ignore[arg-type]  # the columns of _KEPT


def _rejected(row: tuple[object, ...]) -> Capture:
    uri, warc_file, offset, record_id, stage, reason, detail, kind = map(str, row)
    place = (warc_file, int(offset))
    return Capture(page_id(*place), uri, *place, record_id, "", stage, reason, detail, kind)


def _nothing(tables: Tables, folder: Folder, key: str) -> str:
    """That nothing has this key, and a line for each page that comes near."""
    of_id = bool(_ID.fullmatch(key) or _UUID.fullmatch(key) or "urn:" in key[:5])
    lines = [
        f"{folder.root}: no row and no rejection has the {'id' if of_id else 'URL'} {clean(key, 300)}: "
        "name a page by its URL, its id or its WARC-Record-ID"
    ]
    near = [] if of_id else _near(tables, key)
    return "\n".join(lines + [f"{_kinship(key, url)}: {clean(url, 300)}" for url in near])


def _kinship(key: str, url: str) -> str:
    return "on the same host" if host(_address(key)) == host(url) else "with the same path"


def _near(tables: Tables, key: str) -> list[str]:
    """Addresses on the same host or with the same path, the most alike first."""
    address = _address(key)
    path = "/".join(address.split("://", 1)[1].split("?")[0].split("#")[0].split("/")[1:]).rstrip("/")
    name = host(address)
    rows = tables.rows(_NEAR, [address, name, name, f"/{path}", f"/{path}", _SUGGESTIONS])
    return [str(url) for url, _ in rows]


def _address(key: str) -> str:
    """A URL as people type it, with a scheme."""
    return key if "://" in key else f"https://{key}"
