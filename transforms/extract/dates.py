"""The date a page claims to have been published.

In order of trust: JSON-LD `datePublished`, then meta elements and microdata, then the path of the URL, and last
`Last-Modified`. That header says when a file was last written, not when it was published, so it can only err towards
too late; it is used if it is at least a day older than the fetch, because servers that make pages on demand send now.
Dates of modification are not used: a page that was edited after chatbots came is not of the day it was edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from transforms.extract import jsonld
from transforms.extract.jsonld import JsonValue
from transforms.extract.markup import Markup

# The web was opened in 1991; a page that claims more describes something else.
EARLIEST = date(1990, 1, 1)

# Names of <meta> elements, without separators: `article:published_time`, `dc.date.issued`, `citation_date`, …
_META_NAMES = re.compile(
    r"(?:og|article|sailthru|rnews|prism|citation|bt|parsely|cxenseparserecs|displaydate|original|dc|dcterms|datearticle)*"
    r"(?:published(?:time|date|at)?|publish(?:ed)?(?:date|time)|datepublished|publication(?:date)?|pub(?:date)?|"
    r"date(?:issued|created)?|issued|created|online(?:date)?)"
)
_SEPARATORS = re.compile(r"[:._-]+")
_MAX_NAME = 200  # characters: the longest that is in use has 26

_ISO = re.compile(r"\s*(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
_SLASHED = re.compile(r"\s*(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?!\d)")
_TIME_CLASSES = frozenset(("published", "entry-date", "dt-published"))
_URL_DATE = re.compile(
    r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)|/((?:19|20)\d{2})(\d{2})(\d{2})(?=[/_.-]|$)"
)


def published(
    markup: Markup,
    *,
    url: str,
    headers: Iterable[tuple[str, str]],
    metas: Iterable[tuple[str, str]],
    json: list[JsonValue],
    fetched: date,
) -> tuple[str, str]:
    """("YYYY-MM-DD", source): source is "json-ld", "meta", "url" or "http"; ("", "") if no credible date is claimed.

    `headers` and `metas` have names in lower case. Impossible dates, dates before EARLIEST and dates more than a day
    after `fetched` are passed over (a day, because a page's own time zone may be ahead of UTC).
    """
    claims = (
        ("json-ld", _json_dates(json)),
        ("meta", _meta_dates(metas)),
        ("meta", _microdata_dates(markup)),
        ("url", _url_dates(url)),
        ("http", _http_dates(headers, fetched)),
    )
    for source, dates in claims:
        for claimed in dates:
            if claimed and EARLIEST <= claimed <= fetched + timedelta(days=1):
                return claimed.isoformat(), source
    return "", ""


def parse_date(text: str) -> date | None:
    """The calendar date at the start of an ISO 8601 or slashed date, or an RFC 5322 date; None if it is none.

    The date is taken as written, in the page's own zone.

    >>> parse_date("2021-03-04T23:59:00-08:00"), parse_date("2021/3/4"), parse_date("2021-02-30")
    (datetime.date(2021, 3, 4), datetime.date(2021, 3, 4), None)
    """
    text = text[:64]
    if match := _ISO.match(text) or _SLASHED.match(text):
        return _day(*match.groups())
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, OverflowError):
        return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _json_dates(blocks: list[JsonValue]) -> Iterator[date | None]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        for item in jsonld.page_objects(blocks):
            value = item.get(key)
            if isinstance(value, str):
                yield parse_date(value)


def _meta_dates(metas: Iterable[tuple[str, str]]) -> Iterator[date | None]:
    return (parse_date(value) for name, value in metas if len(name) <= _MAX_NAME and _is_date_name(name))


# The same few names stand in every page.
@lru_cache(maxsize=4096)
def _is_date_name(name: str) -> bool:
    return _META_NAMES.fullmatch(_SEPARATORS.sub("", name)) is not None


def _microdata_dates(markup: Markup) -> Iterator[date | None]:
    yield from map(parse_date, markup.item_dates())
    times = markup.times()
    for time in times:
        if time.is_publication:
            yield parse_date(time.datetime)
    for time in times:
        if not _TIME_CLASSES.isdisjoint(time.classes.split()):
            yield parse_date(time.datetime)


def _url_dates(url: str) -> Iterator[date | None]:
    try:
        path = urlsplit(url).path
    except ValueError:
        return
    for match in _URL_DATE.finditer(path[:2000]):
        yield _day(*(group for group in match.groups() if group))


def _http_dates(headers: Iterable[tuple[str, str]], fetched: date) -> Iterator[date | None]:
    for name, value in headers:
        if name == "last-modified":
            modified = parse_date(value)
            yield modified if modified and modified < fetched else None
