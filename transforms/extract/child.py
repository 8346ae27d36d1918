"""The process in which pages are parsed: `python -m transforms.extract.child MODE MEMORY_LIMIT_MB`.

It reads messages (frames.py) from standard input and answers each on standard output until standard input closes,
which it does when the parent dies, however it dies. What kills it kills one page.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import BinaryIO

from transforms.extract import frames, reply
from transforms.extract.confinement import confine
from transforms.extract.jsonld import JsonObject
from transforms.extract.page import Request, extract_page, parser_of

# Less than this beside the libraries, and no page of ordinary size can be parsed.
_HEADROOM_BYTES = 64 << 20


def main(arguments: list[str]) -> int:
    """Serve until standard input ends."""
    mode, memory_limit_mb = arguments[0], int(arguments[1])
    # Ctrl-C reaches the whole process group; the parent decides what becomes of the page in hand.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action of SIGPROF ends the process at once, in the middle of C code too.
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    parser_of(mode)  # its libraries load while memory is not bounded yet, and so does the model of blocks, with NumPy
    if mode == "blocks":
        from transforms.extract.trees import shipped

        shipped()
    confine(memory_limit_mb)
    bytearray(_HEADROOM_BYTES)  # fails here, where it can be told, rather than on every page
    replies, done = os.fdopen(os.dup(1), "wb"), os.dup(2)
    # From here on nothing a library prints can leave: not page text on standard error, not noise between replies.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    replies.write(frames.pack({"cpu_seconds": time.process_time()}))  # ready
    replies.flush()
    serve(sys.stdin.buffer, replies, done, mode=mode)
    return 0


def serve(requests: BinaryIO, replies: BinaryIO, done: int, *, mode: str) -> None:
    """Answer every message of `requests`; each says how much text and CPU time, reading and answering included.

    Answers wait for those to the messages that are still to come, as each says; a byte to `done` says meanwhile that
    there is one more. So nothing is written while there is something left to read.
    """
    answers: list[bytes] = []
    while prefix := requests.read(frames.PREFIX_BYTES):
        header_bytes, body_bytes = frames.lengths(prefix)
        header = frames.unpack_header(requests.read(header_bytes))
        signal.setitimer(signal.ITIMER_PROF, float(str(header["time_s"])))
        answers.append(_answer(requests, body_bytes, header, mode))
        signal.setitimer(signal.ITIMER_PROF, 0)
        os.write(done, b".")
        if not header["left"]:
            replies.writelines(answers)
            replies.flush()
            answers.clear()


def _answer(requests: BinaryIO, body_bytes: int, header: JsonObject, mode: str) -> bytes:
    try:
        extraction = extract_page(requests.read(body_bytes), _request(header), mode=mode)
        return reply.pack(extraction, cpu_seconds=time.process_time(), most=int(str(header["text_bytes"])))
    except MemoryError:
        os._exit(frames.OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - the one guard of the tree: a page must not stop a crawl
        return reply.pack_error(error, cpu_seconds=time.process_time())


def _request(header: JsonObject) -> Request:
    pairs = header["headers"]
    assert isinstance(pairs, list)
    headers = tuple((str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list))
    return Request(str(header["url"]), headers, str(header["charset"]), str(header["fetched"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
