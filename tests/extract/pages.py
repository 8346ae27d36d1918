"""Pages for the extractor and its child, and how to ask about them."""

from __future__ import annotations

from transforms.extract.jsonld import JsonObject
from transforms.extract.process import ChildProcess
from transforms.records import Origin, Page

SENTENCE = "The ferry leaves at nine, and whoever misses it waits on the quay until the tide has turned again. "
GOOD = f"<html><head><title>t</title></head><body><article><p>{SENTENCE * 5}</p></article></body></html>".encode()
# More than any pipe holds: who reads none of it keeps the writer waiting.
LONG = GOOD.replace(b"<article>", b"<!--" + b"x" * 5_000_000 + b"--><article>")
# Half a second of CPU time, and a text in the end.
SLOW = b"<html><body><article>" + f"<p>{SENTENCE}</p>".encode() * 15_000
# Depth makes the rescue's tree walk quadratic: more than ten seconds of CPU time.
ENDLESS = b"<html><body>" + b"<div>" * 100_000 + b"<p>word</p>"
# 300,000 links need more than a gibibyte in trafilatura.
HUGE = b"<html><body>" + b'<a href="x">word word</a> ' * 300_000


def page(body: bytes) -> Page:
    """A page with this body."""
    origin = Origin("crawl.warc.gz", "crawl", 0, 0, "", "response", "https://example.org/")
    headers = (("tdm-reservation", "1"),)
    return Page(origin, "2024-06-01T00:00:00Z", "", headers, "text/html", "utf-8", "", body)


def ask(child: ChildProcess, body: bytes) -> JsonObject:
    """The header of what a child that is asked directly says of a page with this body."""
    ((header, _),) = child.ask([{"url": "", "headers": [], "charset": "", "fetched": ""}], [body])
    return header
