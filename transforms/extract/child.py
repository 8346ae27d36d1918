"""The process in which pages are parsed: `python -m transforms.extract.child MODE TIME_LIMIT_S MEMORY_LIMIT_MB`.

It reads messages (frames.py) from standard input and answers each on standard output until standard input closes,
which it does when the parent dies, however it dies. What kills it kills one page.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from typing import BinaryIO

from transforms.extract import frames
from transforms.extract.jsonld import JsonObject
from transforms.extract.page import Request, extract_page
from transforms.records import Extraction

# Less than this beside the libraries, and no page of ordinary size can be parsed.
_HEADROOM_BYTES = 64 << 20


def main(arguments: list[str]) -> int:
    """Serve until standard input ends."""
    mode, time_limit_s, memory_limit_mb = arguments[0], float(arguments[1]), int(arguments[2])
    # Ctrl-C reaches the whole process group; the parent decides what becomes of the page in hand.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action of SIGPROF ends the process at once, in the middle of C code too.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_limit_mb << 20, memory_limit_mb << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bytearray(_HEADROOM_BYTES)  # fails here, where it can be told, rather than on every page
    replies = os.fdopen(os.dup(1), "wb")
    # From here on nothing a library prints can leave: not page text on standard error, not noise between replies.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    replies.write(frames.pack({"cpu_seconds": time.process_time()}))  # ready
    replies.flush()
    serve(sys.stdin.buffer, replies, mode=mode, time_limit_s=time_limit_s)
    return 0


def serve(requests: BinaryIO, replies: BinaryIO, *, mode: str, time_limit_s: float) -> None:
    """Answer every message of `requests`; each page may take `time_limit_s` of CPU time."""
    while prefix := requests.read(frames.PREFIX_BYTES):
        header_bytes, body_bytes = frames.lengths(prefix)
        request = _request(frames.unpack_header(requests.read(header_bytes)))
        body = requests.read(body_bytes)
        signal.setitimer(signal.ITIMER_PROF, time_limit_s)
        reply = _answer(body, request, mode)
        signal.setitimer(signal.ITIMER_PROF, 0)
        reply["cpu_seconds"] = time.process_time()
        replies.write(frames.pack(reply))
        replies.flush()


def _answer(body: bytes, request: Request, mode: str) -> JsonObject:
    try:
        extraction = extract_page(body, request, mode=mode)
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - the one guard of the tree: a page must not stop a crawl
        # The type alone: a message may quote the page.
        return {"error": type(error).__name__}
    return {"extraction": _as_json(extraction) if extraction else None}


def _request(header: JsonObject) -> Request:
    pairs = header["headers"]
    assert isinstance(pairs, list)
    headers = tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list))
    return Request(str(header["url"]), headers, str(header["charset"]), str(header["fetched"]))


def _as_json(extraction: Extraction) -> JsonObject:
    return {
        "text": extraction.text,
        "title": extraction.title,
        "extractor": extraction.extractor,
        "charset": extraction.charset,
        "published": extraction.published,
        "published_source": extraction.published_source,
        "declarations": [[declared.kind, declared.detail] for declared in extraction.declarations],
        "rights": list(extraction.rights),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
