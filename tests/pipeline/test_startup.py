"""What is imported to run a graph on one machine."""

from __future__ import annotations

import subprocess
import sys


def loaded_after(*statements: str) -> list[str]:
    """Which of two packages are there after these statements."""
    asked = "print(*(name for name in ('apache_beam', 'bson') if name in sys.modules))"
    script = "\n".join(("import gc, sys; from pipeline.startup import importing", *statements, asked))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not done.stderr
    return done.stdout.split()


def test_beam_is_imported_without_connectors_that_no_graph_has() -> None:
    assert loaded_after("with importing(): import pipeline.jobs") == ["apache_beam"]


def test_what_was_left_out_can_be_imported_afterwards() -> None:
    assert loaded_after("with importing(): pass", "import bson") == ["apache_beam", "bson"]


def test_with_flags_of_beams_own_all_of_it_is_imported() -> None:
    assert loaded_after("with importing(all_of_beam=True): import pipeline.graph") == ["apache_beam", "bson"]


def test_what_beam_consists_of_is_never_looked_at_for_garbage() -> None:
    opened = "import duckdb; connection = duckdb.connect()"  # it says nothing at exit
    assert loaded_after("with importing(): import pipeline.jobs", opened, "assert gc.get_freeze_count() > 50_000")


def test_garbage_is_collected_after_an_import_that_failed() -> None:
    failing = "try:\n  with importing(): import pipeline.nothing\nexcept ImportError: assert gc.isenabled()"
    assert loaded_after(failing, "assert gc.isenabled()") == ["apache_beam"]
