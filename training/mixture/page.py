"""A page written by hand around tables that a command writes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.errors import InputError

_TABLE = re.compile(
    r"(?P<begin><!-- table: (?P<name>[\w-]+) -->\n).*?(?P<end>^<!-- end -->$)", re.DOTALL | re.MULTILINE
)


def fill(page: str, tables: Mapping[str, str]) -> str:
    """The page with each table between its markers. Raises InputError if it asks for a table that there is not.

    >>> fill("<!-- table: a -->\\nold\\n<!-- end -->\\n", {"a": "| new |\\n"})
    '<!-- table: a -->\\n| new |\\n<!-- end -->\\n'
    """

    def put(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in tables:
            raise InputError(f"the page asks for table {name!r}, expected one of {', '.join(tables)}; mend its marker")
        return f"{match['begin']}{tables[name]}{match['end']}"

    return _TABLE.sub(put, page)
