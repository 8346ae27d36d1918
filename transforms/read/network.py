"""Which addresses lie inside: on this machine, on its link, or in a private network."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

_END_IN_IPV4 = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))  # RFC 4291 § 2.5.5.1; NAT64, RFC 6052
_NAT64_HERE = IPv6Network("64:ff9b:1::/48")  # RFC 8215: means something within one network alone


def leads_inside(source: str, target: str) -> bool:
    """Whether what is at `source`, outside, points at a `target` inside, such as 169.254.169.254, a cloud's keys.

    Both are addresses on the web. Numbers are judged, and the names of this machine; no name is looked up.

    >>> leads_inside("https://e.com/a", "http://10.0.0.7/a"), leads_inside("http://10.0.0.8/a", "http://10.0.0.7/a")
    (True, False)
    """
    return _is_inside(target) and not _is_inside(source)


def _is_inside(address: str) -> bool:
    return any(map(_lies_inside, _hosts(address)))


def _hosts(address: str) -> set[str]:
    """The hosts that parsers find in an address: Python's, and that of the library which connects.

    They differ: in `http://10.0.0.7\\x` the library finds 10.0.0.7, Python all of it. What one of them refuses as
    malformed is refused elsewhere.
    """
    hosts = set()
    with suppress(ValueError):
        hosts.add(urlsplit(address).hostname or "")
    with suppress(LocationParseError):
        hosts.add((parse_url(address).host or "").lower().strip("[]"))
    return {host.rstrip(".") for host in hosts}


def _lies_inside(host: str) -> bool:
    number = _number(host)
    if number is None:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761 § 6.3
    return not number.is_global or number.is_multicast or number in _NAT64_HERE


def _number(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a host is written as; None for a name.

    IPv4 is taken as the resolver does: 2852039166, 0xa9.254.43518 and ::ffff:169.254.169.254 are 169.254.169.254, and
    so is IPv6 that a gateway takes there.
    """
    with suppress(OSError, ValueError):
        return IPv4Address(socket.inet_aton(host))
    try:
        number = ip_address(host)
    except ValueError:
        return None
    return _unwrapped(number) if isinstance(number, IPv6Address) else number


def _unwrapped(number: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address in one of IPv6, where there is one: mapped, by 6to4 (RFC 3056), or at the end.

    Not Teredo (RFC 4380), which names two, of a server and of a client: all of it is inside, as it is not global.
    """
    if any(number in network for network in _END_IN_IPV4):
        return IPv4Address(number.packed[-4:])
    return number.ipv4_mapped or number.sixtofour or number
