"""Addresses of inputs: their scheme, the local path a `file://` URI means, and what helps where one cannot be read."""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from transforms.errors import FirsthandError
from transforms.read.network import leads_inside
from transforms.terminal import clean

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # two letters at least: C:// is a drive
_FILE_URI = re.compile(r"file://(?:localhost)?(?=/)", re.IGNORECASE)  # RFC 8089
_TOLD, _BEGIN = 200, 60  # characters of what an error says, and of its beginning if it says more
_WEB = frozenset({"http", "https"})
# Of presigned addresses (X-Amz-Signature, X-Goog-Signature, Azure's sig) and of those that carry a key.
_SECRET = re.compile(r"signature|credential|token|secret|password|^sig$|^(?:api|access)?_?key$", re.IGNORECASE)
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


def with_lower_scheme(address: str) -> str:
    """The address as file systems are looked up by: schemes are the same in any case (RFC 3986 § 3.1)."""
    return scheme_of(address) + address[len(scheme_of(address)) :]


def is_web(address: str) -> bool:
    """Whether an address is read from a web server."""
    return scheme_of(address) in _WEB


def refuse(address: str) -> str | None:
    """Why an address is not even asked for, with the cure; None for one that may be.

    What an address holds is written into every row, so one with a credential in it is refused, and not repeated.
    """
    if not is_web(address):
        return None
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"cannot read {_without_secrets(address)!r}: it is malformed ({why(error)}); check it"
    if parts.username is not None or parts.password is not None:
        return (
            f"cannot read {_without_secrets(address)!r}: user names and passwords in an address are not taken, for "
            "addresses are written into every row; download the file and give its path"
        )
    secrets = sorted({name for name, _ in parse_qsl(parts.query) if _SECRET.search(name)})
    if secrets:
        return (
            f"cannot read {_without_secrets(address)!r}: {secrets[0]!r} in its query looks like a credential, and "
            "addresses are written into every row; give an s3:// or gs:// address, or download the file"
        )
    return _refuse_shape(address, host, parts.path, parts.fragment)


def _refuse_shape(address: str, host: str | None, path: str, fragment: str) -> str | None:
    if not host:
        return f"cannot read {address!r}: it names no host; check it"
    if "*" in path or "[" in path:
        return f"cannot read {address!r}: web servers have no wildcards; name each file, or an @list of them"
    if not path.strip("/") or path.endswith("/"):
        return f"cannot read {address!r}: web servers list no directories; name each file, or an @list of them"
    if fragment:
        return f"cannot read {address!r}: it has a fragment, #…, which names no file; leave it out, or write %23"
    return None


def redirect_problem(place: str, target: str) -> str | None:
    """What is wrong with being sent from `place` to `target`, as "redirects to …"; None if nothing is."""
    if not is_web(target):
        return f"redirects to {scheme_of(target)[:20] or 'nowhere'}, which is not followed"
    if scheme_of(place) == "https" and scheme_of(target) == "http":
        return "redirects from https to http, which is not followed: anyone could change what comes"
    try:
        parts = urlsplit(target)
        sound = bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        return "redirects to a malformed address or one with a password"
    return "redirects into a network, which is not followed" if leads_inside(place, target) else None


def _without_secrets(address: str) -> str:
    """An address without user, password and query."""
    scheme, _, rest = address.partition("://")
    host, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def explain(address: str, error: Exception) -> str:
    """What a failure to look up or open a remote address means, with the cure, in a line."""
    if isinstance(error, FirsthandError):  # names the address and the cure itself
        return str(error)
    scheme = scheme_of(address)
    if isinstance(error, UnknownSchemeError):
        known = ", ".join(("file", "http", "https", *_PACKAGES))
        return f"cannot look up {address!r}: nothing reads {scheme}://; give a path, or an address with {known}"
    package = _PACKAGES.get(scheme) if isinstance(error, ImportError) else None
    cure = f"pip install '{package}'" if package else "check the address and your credentials"
    return f"cannot look up {address!r} ({why(error)}): {cure}"


def why(error: Exception) -> str:
    """What an error says, in a line of at most 200 characters that cannot act on a terminal: stores word it, not we.

    Of a longer one, beginning and end: Google's begin with the request, and the cause comes last.
    """
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    text = clean(said, len(said)) or type(error).__name__
    if len(text) <= _TOLD:
        return text
    begin, end = text[:_BEGIN], text[_BEGIN + 3 - _TOLD :]
    return f"{begin.rpartition(' ')[0] or begin} … {end.partition(' ')[2] or end}"
