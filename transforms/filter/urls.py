"""Block lists: pages that are refused for their address alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote_to_bytes

from transforms.errors import InputError
from transforms.host import LONGEST_HOST, host


@dataclass(frozen=True, slots=True)
class BlockList:
    """Hosts (each stands for its subdomains too) and pieces of URLs, all in lower case."""

    hosts: frozenset[str]
    pieces: tuple[str, ...]  # in ascending order, so that the one a rejection names does not depend on the file's order

    def digest(self) -> str:
        """32 hex digits of what the list holds, "" if it holds nothing; equal for lists that block the same."""
        if not self.hosts and not self.pieces:
            return ""
        entries = json.dumps([sorted(self.hosts), sorted(self.pieces)])
        return blake2b(entries.encode("ascii"), digest_size=16).hexdigest()

    def match(self, url: str) -> str | None:
        """`host=…` or `url=…` naming the entry that blocks this URL; None if nothing does.

        >>> BlockList(frozenset(("example.com",)), ()).match("https://www.Example.com:8080/a")
        'host=example.com'
        """
        if self.hosts and (host := self._blocked_host(url)):
            return f"host={host}"
        if self.pieces:
            plain = _plain(url)
            for piece in self.pieces:
                if piece in plain:
                    return f"url={piece}"
        return None

    def _blocked_host(self, url: str) -> str | None:
        """The longest entry that is the host or one of its parent domains: as many look-ups as the host has labels."""
        name = _normal_host(host(url))
        while name:
            if name in self.hosts:
                return name
            name = name.partition(".")[2]
        return None


def load_block_list(hosts: Iterable[str], urls: Iterable[str]) -> BlockList:
    """The list these settings describe: each entry is one host or piece of a URL, or `@` and a file of them.

    Files are UTF-8, an entry a line; empty lines and lines that begin with `#` are skipped. Raises InputError.
    """
    pieces = {_plain(entry) for entry in _entries(urls)}
    return BlockList(frozenset(_normal_host(entry) for entry in _entries(hosts)), tuple(sorted(pieces)))


def _entries(settings: Iterable[str]) -> Iterable[str]:
    for setting in settings:
        lines = _read(setting[1:]) if setting.startswith("@") else [setting]
        yield from (entry for line in lines if (entry := line.strip()) and not entry.startswith("#"))


def _read(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read the block list {path!r}: {error}; name a UTF-8 text file after @") from error


def _normal_host(name: str) -> str:
    """A host in lower case without dots around it, internationalised names in their ASCII form."""
    name = name.strip().strip(".").lower()
    if name.isascii() or len(name) > LONGEST_HOST:  # the codec takes the square of the length
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def _plain(url: str) -> str:
    """Lower case with percent-escapes undone, so that an escape hides nothing."""
    return unquote_to_bytes(url.encode("utf-8", "replace")).decode("utf-8", "replace").lower()
