"""A TOML file somebody gave us, read with bounds on the time that parsing it may take."""

from __future__ import annotations

import os
import re
import tomllib

from transforms.errors import ConfigError

MOST_BYTES = 1 << 20  # of a file; the effective configuration is 1 kB, one that blocks 20,000 hosts about 500 kB
# Dots outside of text in a line. Our own keys have one, and numbers one each. Python's parser takes the square of a
# key's parts: 0.8 s of CPU for 8,000 of them, an hour for a megabyte; at 100 in each line, a megabyte takes 0.7 s.
MOST_DOTS = 100
# Strings and comments. Each alternative ends, at the latest, where the line or the file does, so that none is tried
# again from the middle; a string of several lines may end in two quotes of its own.
_NO_KEYS = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}+(?!"))*+"{0,5}+'
    r"|'''(?:[^']|'{1,2}+(?!'))*+'{0,5}+"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)


def read_toml(path: str) -> dict[str, object]:
    """The tables of the TOML file.

    Raises:
        ConfigError: where it cannot be read, is no TOML, or would take too long to read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)  # a pipe has no size
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise ConfigError([f"cannot read the configuration {path!r}: {error.strerror}"]) from None
    if size > MOST_BYTES:
        raise ConfigError([f"{path!r} is {size:,} bytes, expected at most {MOST_BYTES:,}: is it the right file?"])
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        _refuse_long_keys(path, text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, or a number of more than 4,300 digits
        raise ConfigError([f"{path!r} is not TOML: {error}"]) from None


def _refuse_long_keys(path: str, text: str) -> None:
    bare = _NO_KEYS.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if (dots := line.count(".")) > MOST_DOTS:
            raise ConfigError(
                [
                    f"line {number} of {path!r} holds {dots} dots outside of text, expected at most {MOST_DOTS}: "
                    "write tables and lists on lines of their own"
                ]
            )
