"""The registrable domain of a host: the name that somebody registered, by the public suffix list in the package `tld`.

Only suffixes of registries count (the list's ICANN section): the pages of alice.github.io are listed under github.io.
The list is of the day of the installed `tld`; nothing is fetched.
"""

from __future__ import annotations

from tld import get_fld


def registrable(host: str) -> str:
    """The registrable domain of a host in lower case; the host itself if it has none (an address, a local name).

    >>> registrable("news.example.co.uk"), registrable("a.b.xn--55qx5d.cn"), registrable("127.0.0.1")
    ('example.co.uk', 'b.xn--55qx5d.cn', '127.0.0.1')
    """
    host = host.rstrip(".")
    if host.startswith("[") or "." not in host:
        return host
    try:
        domain = get_fld(f"http://{_readable(host)}", fail_silently=True, search_private=False)
    except ValueError:  # a host that urllib refuses
        return host
    # Of the host itself as many labels as the domain has: the list knows suffixes in their own script only.
    return ".".join(host.split(".")[-len(domain.split(".")) :]) if domain else host


def _readable(host: str) -> str:
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
