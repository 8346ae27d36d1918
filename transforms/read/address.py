"""Addresses of inputs: their scheme, the local path a `file://` URI means, and what helps where one cannot be read."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote_to_bytes

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # two letters at least: C:// is a drive
_FILE_URI = re.compile(r"file://(?:localhost)?(?=/)", re.IGNORECASE)  # RFC 8089
_PACKAGES = {
    "s3": "firsthand[aws]",
    "gs": "firsthand[gcp]",
    "hdfs": "apache-beam[hadoop]",
    "azfs": "apache-beam[azure]",
}


class UnknownSchemeError(Exception):
    """No file system answers to the scheme of an address."""


def scheme_of(address: str) -> str:
    """What stands before `://`, in lower case; "" for a path."""
    match = _SCHEME.match(address)
    return match.group(1).lower() if match else ""


def is_remote(address: str) -> bool:
    """Whether an address has a scheme, and so is not the local file system's; `file://` is."""
    return scheme_of(address) not in {"", "file"}


def local_path(address: str) -> str | None:
    """The path that a path (`~` stands for home) or a `file://` URI names; None for a file on another machine.

    A URI may be percent-encoded. It is taken as written where that exists: many tools put any path behind file://.
    """
    if not scheme_of(address):
        return os.path.expanduser(address)
    written, is_file = _FILE_URI.subn("", address, count=1)
    if not is_file:
        return None
    return written if os.path.lexists(written) else os.fsdecode(unquote_to_bytes(os.fsencode(written)))


def refuse(address: str) -> str | None:
    """Why an address is not even asked for, with the cure; None for one that may be."""
    if scheme_of(address) not in {"http", "https"}:
        return None
    return f"cannot read {address!r}: http and https are not supported yet; download it and give the path of the file"


def explain(address: str, error: Exception) -> str:
    """What a failure to look up or open a remote address means, with the cure, in a line."""
    scheme = scheme_of(address)
    if isinstance(error, UnknownSchemeError):
        known = ", ".join(("file", *_PACKAGES))
        return f"cannot look up {address!r}: nothing reads {scheme}://; give a path, or an address with {known}"
    package = _PACKAGES.get(scheme) if isinstance(error, ImportError) else None
    cure = f"pip install '{package}'" if package else "check the address and your credentials"
    return f"cannot look up {address!r} ({why(error)}): {cure}"


def why(error: Exception) -> str:
    """What an error says, in a line of at most 200 characters."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())[:200] or type(error).__name__
