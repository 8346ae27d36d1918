"""One crawl as an archive of every form."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Sequence

import zstandard


def members(data: bytes) -> list[bytes]:
    """The gzip members of an archive, inflated. It must be whole and have one member a record."""
    found = []
    while data:
        stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
        found.append(stream.decompress(data))
        data = stream.unused_data
    return found


def by_record(records: Sequence[bytes]) -> bytes:
    """A gzip member for each record."""
    return b"".join(gzip.compress(record, 6, mtime=0) for record in records)


def plain(records: Sequence[bytes]) -> bytes:
    """Not compressed."""
    return b"".join(records)


def line_feeds(records: Sequence[bytes]) -> bytes:
    """Not compressed, the lines of the WARC headers end in LF alone."""
    heads = (record.split(b"\r\n\r\n", 1) for record in records)
    return b"".join(
        head.replace(b"\r\n", b"\n") + b"\n\n" + block.removesuffix(b"\r\n\r\n") + b"\n\n" for head, block in heads
    )


def one_stream(records: Sequence[bytes]) -> bytes:
    """All in one gzip member."""
    return gzip.compress(plain(records), 6, mtime=0)


def zstd_frames(records: Sequence[bytes]) -> bytes:
    """A zstd frame for each record, with a dictionary before them, as the IIPC's proposal has it."""
    samples: list[bytes | bytearray | memoryview[int]] = []
    for record in records:
        samples += [record[:4096]] * 4
    dictionary = zstandard.train_dictionary(1 << 14, samples)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, write_checksum=True)
    raw = dictionary.as_bytes()
    frames = [compressor.compress(record) for record in records]
    return b"\x5d\x2a\x4d\x18" + len(raw).to_bytes(4, "little") + raw + b"".join(frames)


def zstd_unchecked(records: Sequence[bytes]) -> bytes:
    """A zstd frame for each record, without checksums."""
    compressor = zstandard.ZstdCompressor(write_checksum=False)
    return b"".join(compressor.compress(record) for record in records)


def _arc_records(records: Sequence[bytes]) -> list[bytes]:
    block = b"1 0 Tests\nURL IP-address Archive-date Content-type Archive-length\n"
    made = [b"filedesc://x.arc 0.0.0.0 20240101000000 text/plain %d\n%s\n" % (len(block), block)]
    for record in records:
        head, body = record.split(b"\r\n\r\n", 1)
        uri = re.search(rb"(?im)^WARC-Target-URI: (http\S+)", head)
        if uri and re.search(rb"(?im)^WARC-Type: response", head):
            body = body.removesuffix(b"\r\n\r\n")
            made.append(b"%s 192.0.2.1 20240101000000 text/html %d\n%s\n" % (uri.group(1), len(body), body))
    return made


def arc(records: Sequence[bytes]) -> bytes:
    """ARC, not compressed."""
    return plain(_arc_records(records))


def arc_by_record(records: Sequence[bytes]) -> bytes:
    """ARC, a gzip member for each record."""
    return by_record(_arc_records(records))


FORMS: dict[str, Callable[[Sequence[bytes]], bytes]] = {
    "gzip": by_record,
    "plain": plain,
    "LF": line_feeds,
    "stream": one_stream,
    "zstd": zstd_frames,
    "zstd-": zstd_unchecked,
    "ARC": arc,
    "ARC gzip": arc_by_record,
}
