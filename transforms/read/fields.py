"""Header lines as nearly all are written, found in one look and taken apart together.

warcio reads a header line by line, with four calls for each. What it makes of lines such as these is what is made of
them here; a header with any other line is left to it (header.py, response.py).
"""

from __future__ import annotations

import re

PLAIN = re.compile(rb"(?:[!-~][\t -~]*+\r\n)++\r\n")
"""Lines of printable ASCII and the empty one behind them; none begins with white space, so none continues another.

No byte is looked at twice, whatever follows.
"""


def split_fields(lines: str) -> list[tuple[str, str]]:
    """Names in lower case and values of lines that `PLAIN` matches; a line without a colon is no field.

    >>> split_fields("WARC-Type: response\\r\\nContent-Length:5 \\r\\n\\r\\n")
    [('warc-type', 'response'), ('content-length', '5')]
    """
    fields = []
    for line in lines.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields
