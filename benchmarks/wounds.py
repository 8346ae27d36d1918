"""Ways to damage an archive: each says which of the original bytes it touched."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

SECTOR, PAGE = 512, 4096  # what disks and file systems lose at once
FAR = 1 << 62


@dataclass(frozen=True, slots=True)
class Wound:
    """A damaged archive."""

    data: bytes
    touched: tuple[tuple[int, int], ...]  # ranges [start, end) of the original that are changed, moved away or gone
    told: str  # what was done and where

    def spares(self, start: int, end: int) -> bool:
        """Whether the original bytes [start, end) are all there as they were, next to each other."""
        return start == end or all(end <= low or high <= start for low, high in self.touched)


Maker = Callable[[bytes, random.Random], Wound]


def cut(data: bytes, rng: random.Random) -> Wound:
    """The file ends early, at any byte."""
    at = rng.randrange(len(data))
    return Wound(data[:at], ((at, FAR),), f"cut at {at}")


def flip(data: bytes, rng: random.Random) -> Wound:
    """One byte, any, becomes any other value."""
    at = rng.randrange(len(data))
    value = data[at] ^ rng.randrange(1, 256)
    return Wound(data[:at] + bytes([value]) + data[at + 1 :], ((at, at + 1),), f"byte {at}: {data[at]} -> {value}")


def change_length(data: bytes, rng: random.Random) -> Wound:
    """One digit of a Content-Length of WARC becomes another one."""
    digits = [match.span(1) for match in re.finditer(rb"\nContent-Length: (\d+)\r?\n\r?\nHTTP/", data)]
    at = rng.randrange(*digits[rng.randrange(len(digits))])
    value = rng.choice([digit for digit in b"0123456789" if digit != data[at]])
    return Wound(data[:at] + bytes([value]) + data[at + 1 :], ((at, at + 1),), f"byte {at}: {data[at]} -> {value}")


def zero_sector(data: bytes, rng: random.Random) -> Wound:
    """512 bytes, aligned, become zeros."""
    at = rng.randrange(len(data) // SECTOR) * SECTOR
    return Wound(data[:at] + bytes(SECTOR) + data[at + SECTOR :], ((at, at + SECTOR),), f"zeros at {at}")


def swap_pages(data: bytes, rng: random.Random) -> Wound:
    """Two pages of 4 KiB, aligned, change places."""
    first, second = sorted(rng.sample(range(len(data) // PAGE), 2))
    a, b = first * PAGE, second * PAGE
    swapped = data[:a] + data[b : b + PAGE] + data[a + PAGE : b] + data[a : a + PAGE] + data[b + PAGE :]
    return Wound(swapped, ((a, a + PAGE), (b, b + PAGE)), f"pages at {a} and {b} swapped")


def lose_middle(data: bytes, rng: random.Random) -> Wound:
    """Up to 64 KiB in the middle are gone."""
    at = rng.randrange(1, len(data))
    size = min(rng.randrange(1, 1 << 16), len(data) - at)
    return Wound(data[:at] + data[at + size :], ((at, at + size),), f"{size} bytes gone at {at}")


def repeat_middle(data: bytes, rng: random.Random) -> Wound:
    """Up to 64 KiB come twice, one after the other: what lies around the seam is torn, nothing is lost."""
    at = rng.randrange(1, len(data))
    size = min(rng.randrange(1, 1 << 16), len(data) - at)
    return Wound(
        data[: at + size] + data[at:], ((at, at + 1), (at + size - 1, at + size)), f"{size} bytes twice at {at}"
    )


def drop_returns(data: bytes, rng: random.Random) -> Wound:
    """An FTP client in ASCII mode took every CR LF for LF."""
    del rng
    touched = tuple(match.span() for match in re.finditer(rb"\r\n", data))
    return Wound(data.replace(b"\r\n", b"\n"), touched, f"{len(touched)} CR LF became LF")


def prefix(data: bytes, rng: random.Random) -> Wound:
    """A byte order mark, an HTTP header or the header of a tar stand before the archive."""
    junk = rng.choice(
        [b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", b"a.warc.gz".ljust(512, b"\0"), b"\n\n"]
    )
    return Wound(junk + data, (), f"{len(junk)} bytes before")


WOUNDS: dict[str, Maker] = {
    "cut": cut,
    "byte": flip,
    "length": change_length,
    "sector": zero_sector,
    "pages": swap_pages,
    "gone": lose_middle,
    "twice": repeat_middle,
    "crlf": drop_returns,
    "before": prefix,
}
MOVING = {"pages", "gone", "twice", "crlf", "before"}  # what is left may lie elsewhere than before
READABLE = {"length"}  # only where headers are not compressed
