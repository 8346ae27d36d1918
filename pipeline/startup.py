"""Beam without what it imports for connectors that no graph of ours has: where extras are installed, half a second.

Each of these imports stands in a `try` in Beam (2.77, `apache_beam/io`): it does without where they are not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

# MongoDB; BigQuery, and with it Pub/Sub and what Java has. File systems of clouds are imported as ever.
UNUSED = frozenset({"bson", "pymongo", "apache_beam.io.gcp.bigquery"})


class _NotInstalled(MetaPathFinder):
    """Says of `UNUSED` that they are not installed."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        if fullname in UNUSED:
            raise ModuleNotFoundError(f"{fullname} is not used", name=fullname)
        return None


def import_beam() -> None:
    """Import Beam without `UNUSED`; whoever imports them afterwards has them."""
    finder = _NotInstalled()
    sys.meta_path.insert(0, finder)
    try:
        import apache_beam  # noqa: F401 - for those who import it next
    finally:
        sys.meta_path.remove(finder)
