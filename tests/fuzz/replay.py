"""One input through one harness, without atheris: `python -m tests.fuzz.replay TARGET FILE…`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.fuzz import targets


def main(arguments: list[str]) -> int:
    """Check each file; the first defect ends it with its traceback."""
    target, *files = arguments
    check = targets.load(target)
    for name in files:
        began = time.process_time()
        check(Path(name).read_bytes())
        print(f"{name}: holds, {time.process_time() - began:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
