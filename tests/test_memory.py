"""Memory that is free goes back to the system when it is asked for."""

from __future__ import annotations

import subprocess
import sys

_HELD = """
import resource
from pathlib import Path
from transforms.memory import give_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

blocks = [bytes(64 << 10) for _ in range(1600)]
last = blocks.pop()
del blocks
held = resident()
give_back()
print(held - resident())
"""


def test_what_lies_below_something_in_use_goes_back() -> None:
    command = [sys.executable, "-c", _HELD]
    given = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert given > 50e6
