"""The hash chain that seals an output: every file it consists of, and what its manifest says, behind one digest.

h_0 = SHA-256 of the manifest without `files` and `chain`; h_i = SHA-256 of the 32 bytes of h_{i-1} followed by entry i
of `files`; both as `canonical` writes them. The last one is the head. It stands in the manifest and in `_SUCCESS`; kept
elsewhere, too, it tells later whether anything was changed, even by someone who remade the chain.
docs/decisions/0013-hash-chain.md says what that proves, and what it does not.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping

from transforms.write.digest import WrittenFile

FILES, CHAIN = "files", "chain"

Page = dict[str, object]
"""A manifest as JSON values."""


def canonical(value: object) -> bytes:
    """JSON in one form only: keys in order, no white space, all of it ASCII, numbers as Python writes them.

    >>> canonical({"b": [1, 0.5], "a": "é"})
    b'{"a":"\\\\u00e9","b":[1,0.5]}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def chain(page: Mapping[str, object], files: Iterable[object]) -> tuple[str, str]:
    """h_0 and the head, in hex, of a manifest and the entries of its files in the order given."""
    own = {key: value for key, value in page.items() if key not in (FILES, CHAIN)}
    start = link = hashlib.sha256(canonical(own)).digest()
    for entry in files:
        link = hashlib.sha256(link + canonical(entry)).digest()
    return start.hex(), link.hex()


def sealed(page: Mapping[str, object], files: Iterable[WrittenFile]) -> Page:
    """The manifest with its files and the chain over all of it."""
    entries = [dataclasses.asdict(file) for file in files]
    start, head = chain(page, entries)
    return {**page, FILES: entries, CHAIN: {"algorithm": "sha256", "start": start, "head": head}}


def head_of(page: Mapping[str, object]) -> str:
    """The head as the manifest has it, "" if it has none."""
    link = page.get(CHAIN)
    head = link.get("head") if isinstance(link, dict) else None
    return head if isinstance(head, str) else ""
