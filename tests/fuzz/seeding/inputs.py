"""Seeds of what reads addresses, lists and web servers."""

from __future__ import annotations

import gzip


def addresses() -> dict[str, bytes]:
    """Seeds of tests/fuzz/addresses.py by name."""
    addresses = (
        "http://example.com/a?b#c", "https://user:pass@h:80/", "http://[::1]:80/x", "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest", "http://0xa9.254.43518/", "HTTP://BÜCHER.example/", "file:///etc/passwd",
        "http://a.b.co.uk/x", "//h/p", "http://h/a?X-Amz-Signature=1", "../../x", "http://h\\@10.0.0.1/", "~/x",
        "s3://b/k", "C:\\x", "/crawl/CC-MAIN-2024-10/x.warc.gz", "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/",
        "http://[2001:0:808:808::5601:5601]/",
    )  # fmt: skip
    return {f"form-{number:02d}": address.encode() for number, address in enumerate(addresses)}


def lists() -> dict[str, bytes]:
    """Seeds of tests/fuzz/lists.py by name."""
    lines = b"# a list\ncrawl/a.warc.gz\n/b.warc.gz\n../c.warc.gz\nhttp://10.0.0.1/d.warc.gz\ns3://b/e.warc.gz\n%2e%2e/f\n~/g\n"
    return {
        "web": b"\0\0" + lines,
        "web-with-base": b"\0\1" + lines,
        "store": b"\1\0" + lines,
        "store-with-base": b"\1\2" + lines,
        "local-with-base": b"\2\3" + lines,
        "file-base": b"\2\4" + lines,
        "gzip": b"\0\0" + gzip.compress(lines, mtime=0),
        "no-text": b"\0\0\xff\xfe\n",
    }


def ranges() -> dict[str, bytes]:
    """Seeds of tests/fuzz/ranges.py by name."""
    ask = (10).to_bytes(4, "big") + (99).to_bytes(4, "big")
    return {
        "honest": ask + b'\0\1bytes 10-109/1000\n\0\1"v"\n\0' + b"\0\0\1\0\0",
        "ignores-ranges": bytes(4) + ask[4:] + b"\1\0\1100\n\0\0" + b"\0\0\1\0\0",
        "denies": ask + b"\2\1bytes */5\n\0\0\0",
        "missing": ask + b"\3\0\0\0\0",
        "lies": ask + b"\0\1bytes 0-9999999/10\n\0\0\0",
    }
