"""Serves gcp-storage-emulator on a free port of loopback, with a bucket of the given name, until it is killed."""

from __future__ import annotations

import logging
import socket
import sys
import threading

from gcp_storage_emulator.server import create_server

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")  # a line a request
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    create_server("127.0.0.1", port, in_memory=True, default_bucket=sys.argv[1]).start()
    print(f"serving http://127.0.0.1:{port}", flush=True)
    threading.Event().wait()
