"""Importing Beam and what stands on it in less time.

Beam (2.77, `apache_beam/io`) imports what it has connectors for, each in a `try`: it does without where it is not
installed. No graph of ours has one. And two thousand modules make the garbage collector look again and again at what is
there to stay: it is told not to, once they are imported.
"""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def importing(*, all_of_beam: bool = False) -> Iterator[None]:
    """For the imports of a process that will run a graph; Beam comes first, without `UNUSED` but for `all_of_beam`.

    Whoever imports those afterwards has them.
    """
    if "apache_beam" in sys.modules or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        if not all_of_beam:
            _import_beam()
            if "duckdb" not in sys.modules:  # frozen, it complains at exit
                gc.freeze()
        yield
    finally:
        gc.enable()


def _import_beam() -> None:
    logging.getLogger("apache_beam.io.mongodbio").disabled = True  # it warns that bson is missing
    finder = _NotInstalled()
    sys.meta_path.insert(0, finder)
    try:
        import apache_beam  # noqa: F401 - for those who import it next
    finally:
        sys.meta_path.remove(finder)
