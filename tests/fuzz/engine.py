"""One harness under atheris, until it is stopped or finds something: `python -m tests.fuzz.engine TARGET FOLDER …`.

What follows the name goes to libFuzzer. `campaign` starts this; it needs the extra `fuzz`.
"""

from __future__ import annotations

import logging
import sys

import atheris

from tests.fuzz import targets


def main(arguments: list[str]) -> None:
    """Fuzz; does not return."""
    target, *flags = arguments
    logging.disable()  # trafilatura says of every odd page what is odd
    with atheris.instrument_imports(include=["transforms", "pipeline", "warcio"]):
        check = targets.load(target)
    atheris.Setup(["fuzz", *flags], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
