"""A worker process of the local runner: Beam's own, which does not outlive the process that started it.

Beam's would notice within seconds that nobody talks to it any more, and could commit until then, beside the next run.
"""

from __future__ import annotations

import os
import runpy
import sys
import threading

from pipeline.startup import importing


def _end_with_parent() -> None:
    """Standard input is a pipe from the process that started this one: it ends when that does, however it does."""
    while os.read(0, 1):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with importing():
        import pipeline.graph  # noqa: F401 - what it is sent refers to it
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
