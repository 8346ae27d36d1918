"""Lists of inputs, such as Common Crawl's `warc.paths.gz`: text with an input a line, plain or gzip."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import unquote

from transforms.read.address import is_remote, is_web, refuse, scheme_of
from transforms.read.codec import MAGIC_GZIP
from transforms.read.network import leads_inside

MAX_LIST_BYTES = 64 << 20  # of text; the list of a whole snapshot of Common Crawl, 90,000 archives, has 10 MB
MAX_LINES = 1_000_000
_PLACE = re.compile(r"([^:/]+://[^/?#]*)/?([^?#]*)", re.DOTALL)


class ListError(Exception):
    """Why a list is not read, in a few words."""


def read_list(stream: BinaryIO) -> list[str]:
    """The entries of a list; blank lines and those that begin with # are comments.

    Raises:
        ListError: it is damaged, too large or no text.
    """
    raw = stream.read(MAX_LIST_BYTES + 1)
    text = _inflate(raw) if raw.startswith(MAGIC_GZIP) else raw
    if len(text) > MAX_LIST_BYTES or text.count(b"\n") > MAX_LINES:
        raise ListError(f"it has more than {MAX_LINES} lines or {MAX_LIST_BYTES} bytes; cut it in several")
    lines = (line.strip() for line in _decoded(text))
    return [line for line in lines if line and not line.startswith("#")]


def _decoded(text: bytes) -> Iterator[str]:
    """The lines, one at a time. Only a newline ends one, as it is counted: str.splitlines knows ten more ends."""
    nul = text.find(b"\0")  # no path has one, and each system call would refuse it in its own way
    if nul >= 0:
        raise ListError(f"it is no text: a NUL at byte {nul}")
    at = 0
    for line in io.BytesIO(text):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ListError(f"it is no text: {error.reason} at byte {at + error.start}") from None
        at += len(line)


def _inflate(raw: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            return packed.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ListError(f"its gzip is damaged: {error}") from None


def resolve(line: str, *, source: str, base: str | None) -> str:
    """The input that a line of the list at `source` names.

    A relative line stands for a name below `base`. Without a base, those of a local list are paths as they are typed;
    those of a remote list are names beside the list, or below its host (or bucket) if they begin with the same folder
    as the list's own name does: `https://data.commoncrawl.org/crawl-data/CC-MAIN-2024-10/warc.paths.gz` has lines such
    as `crawl-data/CC-MAIN-2024-10/segments/…`. No line leads out of its base or its list's folder.

    A remote list never names a local file, and one on the web only addresses on the web: whoever serves it must not
    choose what is read with the user's account for a store, or from within the user's network.

    >>> resolve("crawl-data/x/a.warc.gz", source="warc.paths.gz", base="s3://commoncrawl/")
    's3://commoncrawl/crawl-data/x/a.warc.gz'

    Raises:
        ListError: the line goes where it must not.
    """
    if scheme_of(line):
        _check_address(line, source)
        return line
    if not is_remote(source) and (base is None or line.startswith(("/", "~"))):
        return line
    # A base may be a file:// URI, where %2e is a dot; on the web a path ends at its query.
    if ".." in re.split("[/?#]", unquote(line)):
        raise ListError("it leads out of its folder")
    folder = _folder_for(line, source) if base is None else base
    return f"{folder.rstrip('/')}/{line.lstrip('/')}"


def _check_address(line: str, source: str) -> None:
    """Raise ListError if the list at `source` must not name this address."""
    if is_remote(source) and not is_remote(line):
        raise ListError("a list from elsewhere cannot name a local file")
    if is_web(source) and not is_web(line):
        raise ListError("a list from the web can name only http:// and https://; download the list to read it so")
    if is_web(source) and leads_inside(source, line):
        raise ListError("a list from the web cannot name an address inside a network; download the list to read it so")


def _folder_for(line: str, source: str) -> str:
    """The address below which a line of a remote list lies."""
    match = _PLACE.match(source)
    host, path = (match[1], match[2]) if match else (source, "")
    folder, _, _ = path.rpartition("/")
    beside = folder.partition("/")[0] != line.partition("/")[0]
    return f"{host}/{folder}" if beside and not line.startswith("/") else host


def refuse_base(base: str) -> str | None:
    """Why a base is not taken, with the cure; None for one that is."""
    if not base.strip("/") and base != "/":
        return "--base is empty: give the address that the lines of the list are relative to"
    return refuse(f"{base.rstrip('/')}/x") if is_web(base) else None
